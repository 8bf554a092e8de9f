package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.results.Json;

/** What is written as JSON reads back as the same. */
class JsonTest {
    @Test
    void shouldEscapeWhatStringsMayNotHold() {
        final StringBuilder text = new StringBuilder("äöü \ud83d\ude00 \u2028 / ");
        for (char c = 0; c < 0x80; c++) {
            text.append(c);
        }
        assertEquals(Map.of("a\"b", text.toString()),
            JsonCheck.object(new JsonObject().text("a\"b", text.toString()).toString()));
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
        assertEquals(expected, JsonCheck.object(Json.compact(map)));
    }

    @Test
    void shouldWriteNumbersWithTheDigitsThatCount() {
        assertEquals("[0,1,0.3333333,-2.5,1234567.8912,0.00001234568,0.0000000001,100000000000]",
            Json.compact(List.of(0.0, 1.0, 1 / 3.0, -2.5, 1234567.89123, 0.0000123456789, 1e-10, 1e11)));
        assertEquals("[0]", Json.compact(List.of(1e-300)), "nothing that counts");
    }

    @Test
    void shouldWriteEmptyObjectsAndLists() {
        assertEquals("{}", new JsonObject().toString());
        assertEquals("{\"a\":[],\"b\":[{}]}",
            new JsonObject().texts("a", List.of()).objects("b", List.of(new JsonObject())).toString());
    }
}
