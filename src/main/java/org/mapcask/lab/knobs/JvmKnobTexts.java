package org.mapcask.lab.knobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mapcask.OptionDescription;

/** What a sweep turns that is no option of a store, explained; the sweep itself tells the flag of each. */
final class JvmKnobTexts {
    private static final String OF_JVM = ", of the JVM and not of the store; a sweep takes knob.NAME and jvm.NAME.";

    static final Map<OptionDescription, KnobText> ALL = new LinkedHashMap<>();

    static {
        put("auto", "auto, jna or java", "How the operating system is called (-Dmapcask.native)", KnobText.of("native",
            "java where JNA cannot load its library, or to see what native calls are worth: everything works, without"
                + " the hints (no prefault, no madvise). auto takes JNA where it can.",
            "A call by JNA costs 75 to 106 ns on top of the system call, and its first use 103 to 126 ms of start-up,"
                + " which java has not (26 ms). What it does to gets: bench/jobs/host.properties measures it here.",
            "01-jna-call-cost").from("20261127-native-calls"));
        put("g1", "g1, parallel, serial, z or shenandoah", "The collector of the JVM (-XX:+Use…GC)", KnobText.of("gc",
            "For the tail, where the program around the store makes much garbage: put and get make none, and the key"
                + " directory is not in the heap. Every collector stops all threads for a while.",
            "Nothing that was kept: bench/jobs/host.properties compares g1 and parallel here, in about 12 minutes."));
        put("512m", "a number with m or g, such as 512m", "The largest heap of the JVM that is measured (-Xmx)",
            KnobText.of("heap",
                "Hardly for a store: records, key directory and buffers are outside the heap, and what the heap takes"
                    + " the page cache has not. Larger for what the program around it keeps.",
                "Nothing by itself."));
    }

    private JvmKnobTexts() {
    }

    private static void put(
        final String byDefault, final String allowed, final String meaning, final KnobText text) {
        ALL.put(new OptionDescription(text.name(), byDefault, allowed, meaning + OF_JVM.replace("NAME", text.name())),
            text);
    }
}
