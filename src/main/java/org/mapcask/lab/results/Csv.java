package org.mapcask.lab.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tables as files: names in the first line, commas, and quotation marks around what has one. Stateless. */
public final class Csv {
    private Csv() {
    }

    /** A line with its end; a cell with a comma or a quotation mark is quoted. */
    public static String line(final Object... cells) {
        final List<String> out = new ArrayList<>();
        for (final Object cell : cells) {
            final String text = String.valueOf(cell);
            out.add(text.matches("[^,\"\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"');
        }
        return String.join(",", out) + '\n';
    }

    /**
     * The lines of a file by the names in its first one.
     *
     * @param file of cells without line feeds; there is nothing in it if it is not there.
     * @throws IOException if it cannot be read.
     */
    public static List<Map<String, String>> read(final Path file) throws IOException {
        final List<Map<String, String>> out = new ArrayList<>();
        final List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        for (int i = 1; i < lines.size(); i++) {
            final List<String> names = cells(lines.get(0));
            final List<String> cells = cells(lines.get(i));
            final Map<String, String> row = new LinkedHashMap<>();
            for (int column = 0; column < Math.min(names.size(), cells.size()); column++) {
                row.put(names.get(column), cells.get(column));
            }
            out.add(row);
        }
        return out;
    }

    private static List<String> cells(final String line) {
        final List<String> out = new ArrayList<>();
        final StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            final char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                out.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        out.add(cell.toString());
        return out;
    }
}
