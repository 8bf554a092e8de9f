package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One run of the command line in this process: its status and what it wrote. */
final class Cli {
    private final int status;
    private final byte[] out;
    private final String err;

    private Cli(final int status, final byte[] out, final String err) {
        this.status = status;
        this.out = out;
        this.err = err;
    }

    /** Runs with these bytes on standard input. */
    static Cli runWith(final byte[] in, final Object... args) {
        final String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int status = Main.run(texts, new ByteArrayInputStream(in), out, err);
        return new Cli(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs with nothing on standard input. */
    static Cli run(final Object... args) {
        return runWith(new byte[0], args);
    }

    /** Fails unless it ended with this status. */
    Cli ends(final int expected) {
        assertEquals(expected, status, () -> "standard error: " + err + "standard output: " + out());
        return this;
    }

    byte[] bytes() {
        return out;
    }

    String out() {
        return new String(out, StandardCharsets.UTF_8);
    }

    String err() {
        return err;
    }
}
