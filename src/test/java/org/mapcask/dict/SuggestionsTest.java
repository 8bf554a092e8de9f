package org.mapcask.dict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Close words, by distance and frequency. */
class SuggestionsTest {
    @Test
    void shouldSuggestTheWordThatWasMeant() {
        assertEquals("serendipity", best("serendipty", WordNetData.of("3.1").keySet()).get(0));
        assertEquals("receive", best("recieve", WordNetData.of("3.1").keySet()).get(0));
    }

    @Test
    void shouldRankByDistanceThenFrequencyThenAlphabet() {
        final List<String> words = List.of("zzzzzz", "personnn", "qperson", "person", "persom", "be", "bx", "persons");
        assertEquals(List.of("person", "persom", "persons", "qperson"), best("perso", words));
        assertEquals(List.of("be", "bx"), best("b", words));
    }

    @Test
    void shouldKeepToTheLimitAndToTwoSteps() {
        final List<String> words = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            words.add("aa" + c);
        }
        assertEquals(8, best("aaa", words).size());
        assertEquals(List.of(), best("abcdef", List.of("abc", "abcdefghi", "fedcba", "")));
        assertEquals(List.of("a"), best("", List.of("a", "abc")));
    }

    @Test
    void shouldMeasureTheSameDistanceAsThePlainDefinition() {
        final long seed = 20_120_612L;
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            final String one = word(random);
            final String other = word(random);
            final boolean near = distance(one, other) <= Suggestions.DISTANCE_MAX;
            assertEquals(near ? List.of(other) : List.of(), best(one, List.of(other)),
                "seed " + seed + ": " + one + ", " + other);
        }
    }

    private static List<String> best(final String wanted, final Iterable<String> words) {
        final Suggestions suggestions = new Suggestions(wanted);
        words.forEach(suggestions::offer);
        return suggestions.best(word -> switch (word) {
            case "be" -> 16_667L;
            case "person" -> 6_834L;
            default -> 0L;
        }, 8);
    }

    private static String word(final Random random) {
        final StringBuilder word = new StringBuilder();
        final int length = random.nextInt(7);
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }

    /** Optimal string alignment, cell by cell. */
    private static int distance(final String one, final String other) {
        final int[][] cells = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    cells[i][j] = i + j;
                    continue;
                }
                final int step = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                cells[i][j] = Math.min(cells[i - 1][j - 1] + step, Math.min(cells[i - 1][j], cells[i][j - 1]) + 1);
                if (i > 1 && j > 1
                    && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1)) {
                    cells[i][j] = Math.min(cells[i][j], cells[i - 2][j - 2] + 1);
                }
            }
        }
        return cells[one.length()][other.length()];
    }
}
