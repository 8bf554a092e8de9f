package org.mapcask.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mapcask.MapcaskOptions;
import org.mapcask.io.StoreLock;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.KilledCopy;

/**
 * Store directories as a crash leaves them. The files of an open store are mapped, and mappings and files show the
 * same bytes; so a plain copy of a live store is what a killed process leaves, and a copy that is edited afterwards is
 * what a power cut may leave.
 */
final class CrashState {
    private CrashState() {
    }

    /** Options with small segments. */
    static MapcaskOptions.Builder options(final int segmentLength) {
        return MapcaskOptions.builder().segmentLength(segmentLength).prefaultWindow(0).syncBytes(0).syncIntervalMs(0);
    }

    /** Copies every file but the lock, as they are at one moment. */
    static Path copy(final Path from, final Path to) throws IOException {
        KilledCopy.make(from, to);
        return to;
    }

    /** Every file but the lock, by name; what vanishes meanwhile was not there. */
    static Map<String, ByteBuffer> bytes(final Path directory) throws IOException {
        final Map<String, ByteBuffer> bytes = new TreeMap<>();
        try (Stream<Path> list = Files.list(directory)) {
            for (final Path file : (Iterable<Path>)list::iterator) {
                if (!file.getFileName().toString().equals(StoreLock.FILE_NAME)) {
                    addBytes(file, bytes);
                }
            }
        }
        return bytes;
    }

    private static void addBytes(final Path file, final Map<String, ByteBuffer> bytes) throws IOException {
        try {
            bytes.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (final NoSuchFileException ex) {
            bytes.remove(file.getFileName().toString());
        }
    }

    /** Names of the segments, sorted. */
    static List<String> segments(final Path directory) throws IOException {
        return bytes(directory).keySet().stream().filter(SegmentFileNames::isSegment).toList();
    }

    /** Writes bytes into a file, in place. */
    static void write(final Path file, final long offset, final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    /** Changes one byte. */
    static void flip(final Path file, final int offset) throws IOException {
        write(file, offset, new byte[] {(byte)(Files.readAllBytes(file)[offset] ^ 0x10)});
    }
}
