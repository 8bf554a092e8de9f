package org.mapcask.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Appends by each way are found as they were made, and damage to one of them is seen. */
class AppendTargetTest {
    private static final int FILE_LENGTH = 64 << 10;
    private static final int LENGTH = 512;
    private static final int APPENDS = 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(SyncCall.class)
    void shouldAppendWhatIsFoundAgainAndSeeWhatIsDamaged(final SyncCall call) throws IOException {
        for (final FileState state : FileState.values()) {
            final Path path = directory.resolve(state.lowerName());
            state.make(path, FILE_LENGTH, false);
            try (AppendTarget target = AppendTarget.open(call, path, FILE_LENGTH, LENGTH)) {
                for (int i = 0; i < APPENDS; i++) {
                    target.fill(i);
                    target.append(i);
                }
            }
            assertEquals(FILE_LENGTH, Files.size(path));
            assertEquals(0, AppendTarget.wrong(path, LENGTH, APPENDS), state.lowerName());
            assertEquals(1, AppendTarget.wrong(path, LENGTH, APPENDS + 1), "one more was not appended");
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), 7L * LENGTH);
                channel.write(ByteBuffer.allocate(1), 9L * LENGTH - 1);
            }
            assertEquals(2, AppendTarget.wrong(path, LENGTH, APPENDS), "of two one byte was set to zero");
        }
    }

    @ParameterizedTest
    @EnumSource(SyncCall.class)
    void shouldRefuseLengthsThatLieAcrossBlocks(final SyncCall call) {
        for (final int length : new int[] {8, 100, 8192}) {
            assertThrows(IllegalArgumentException.class,
                () -> AppendTarget.open(call, directory.resolve("none"), FILE_LENGTH, length));
        }
    }
}
