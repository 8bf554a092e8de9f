package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.file.Path;

/** A probe in a process of its own, which says when it has begun and would go on for long. */
final class ProbeMain {
    private ProbeMain() {
    }

    public static void main(final String[] arguments) throws IOException {
        final boolean[] told = new boolean[1];
        ProbeRun.measure(ProbeSettings.of(Path.of(arguments[0]), 60), (phase, done, total) -> {
            if (!told[0]) {
                System.out.println("working");
                told[0] = true;
            }
        });
    }
}
