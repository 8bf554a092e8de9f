package org.mapcask.bench.jmh;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.concurrent.TimeUnit;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.MemoryBlock;
import org.mapcask.nativeaccess.NativeAccess;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one call into libc costs, by the way it is bound: {@code labs} is the bare crossing, {@code getppid} adds an
 * entry into the kernel, {@code madvise} adds arguments and some work there. The last three fail on purpose, to compare
 * the ways to learn errno. Run it with {@code -prof gc} to see the garbage of a call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class NativeCallBenchmark {
    private static final long NEVER_MAPPED = 4096;

    private final NativeAccess access = NativeAccess.of("jna");
    private final ByInterface byInterface = Native.load("c", ByInterface.class);
    private long value;
    private MemoryBlock block;
    private long address;
    private long length;

    /** One page to give advice about. */
    @Setup
    public void allocate() {
        length = access.pageSize();
        block = access.allocate(length);
        block.buffer().putByte(0, (byte) 1);
        address = block.address();
        value = -length;
    }

    /** Gives the page back. */
    @TearDown
    public void free() {
        block.free();
    }

    /** JNA direct mapping, nothing done in C. */
    @Benchmark
    public long labsDirect() {
        return Direct.labs(value);
    }

    /** JNA interface mapping, nothing done in C. */
    @Benchmark
    public long labsInterface() {
        return byInterface.labs(value);
    }

    /** JNA direct mapping and the shortest system call. */
    @Benchmark
    public int getppidDirect() {
        return Direct.getppid();
    }

    /** JNA interface mapping and the shortest system call. */
    @Benchmark
    public int getppidInterface() {
        return byInterface.getppid();
    }

    /** JNA direct mapping with three arguments. */
    @Benchmark
    public int madviseDirect() {
        return Direct.madvise(address, length, 0);
    }

    /** JNA interface mapping with three arguments. */
    @Benchmark
    public int madviseInterface() {
        return byInterface.madvise(address, length, 0);
    }

    /** The same through Mapcask's wrapper: page alignment and the check of the result. */
    @Benchmark
    public boolean madviseNativeAccess() {
        return access.advise(address, length, Advice.NORMAL);
    }

    /** A call that fails, errno not asked for. */
    @Benchmark
    public int failureIgnored() {
        return Direct.madvise(NEVER_MAPPED, length, 0);
    }

    /** A call that fails, errno by Native.getLastError. */
    @Benchmark
    public int failureGetLastError() {
        return Direct.madvise(NEVER_MAPPED, length, 0) == 0 ? 0 : Native.getLastError();
    }

    /** A call that fails, errno by an exception that JNA throws. */
    @Benchmark
    public int failureLastErrorException() {
        try {
            return Throwing.madvise(NEVER_MAPPED, length, 0);
        } catch (final LastErrorException e) {
            return e.getErrorCode();
        }
    }

    /** Interface mapping: JNA makes a proxy that looks the method up and boxes its arguments. */
    public interface ByInterface extends Library {
        /** Absolute value. */
        long labs(long value);

        /** Process id of the parent. */
        int getppid();

        /** Advice about a range of memory. */
        int madvise(long address, long length, int advice);
    }

    /** Direct mapping: JNA binds native methods. */
    static final class Direct {
        static {
            Native.register(Direct.class, NativeLibrary.getInstance("c"));
        }

        private Direct() {
        }

        static native long labs(long value);

        static native int getppid();

        static native int madvise(long address, long length, int advice);
    }

    /** Direct mapping that reports failures by exceptions. */
    static final class Throwing {
        static {
            Native.register(Throwing.class, NativeLibrary.getInstance("c"));
        }

        private Throwing() {
        }

        static native int madvise(long address, long length, int advice) throws LastErrorException;
    }
}
