package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written as JSON reads back as the same. */
class JsonTest {
    @Test
    void shouldEscapeWhatStringsMayNotHold() {
        final StringBuilder text = new StringBuilder("äöü \ud83d\ude00 \u2028 / ");
        for (char c = 0; c < 0x80; c++) {
            text.append(c);
        }
        assertEquals(Map.of("a\"b", text.toString()),
            JsonCheck.object(new Json().text("a\"b", text.toString()).toString()));
    }

    @Test
    void shouldWriteNestedMapsListsNumbersAndNull() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("none", null);
        map.put("list", Arrays.asList(1, 2.5, true, "x", null));
        map.put("inner", Map.of("k", Thread.State.NEW));
        map.put("nan", Double.NaN);
        final Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("none", null);
        expected.put("list", Arrays.asList(1.0, 2.5, true, "x", null));
        expected.put("inner", Map.of("k", "NEW"));
        expected.put("nan", null);
        assertEquals(expected, JsonCheck.object(Json.of(map)));
    }

    @Test
    void shouldWriteEmptyObjectsAndLists() {
        assertEquals("{}", new Json().toString());
        assertEquals("{\"a\":[],\"b\":[{}]}",
            new Json().texts("a", List.of()).objects("b", List.of(new Json())).toString());
    }
}
