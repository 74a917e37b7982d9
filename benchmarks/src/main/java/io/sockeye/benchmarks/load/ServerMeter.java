package io.sockeye.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says a process has used. Confined to the load's thread.
 *
 * <p>CPU time is utime + stime of {@code /proc/PID/stat}: all threads, ended ones too, user code and system calls. The
 * resident set is {@code VmRSS}; what the kernel keeps for sockets is not in it.
 */
final class ServerMeter {
    /** Linux reports in 1/100 s to user space on all its architectures of today. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int PAGE_BYTES = 4096;

    private final Path stat;
    private final Path statm;

    /** A meter of that process: its number, or {@code self}. */
    ServerMeter(String process) {
        stat = Path.of("/proc", process, "stat");
        statm = Path.of("/proc", process, "statm");
    }

    /** User and system time so far. */
    long cpuNanos() {
        String line = read(stat);
        // The name, in parentheses, may contain anything. Behind it: state is field 3, utime 14, stime 15.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
    }

    /** Resident set size. */
    long residentBytes() {
        return Long.parseLong(read(statm).split(" ", -1)[1]) * PAGE_BYTES;
    }

    /** The time that all processors together were busy so far, whoever kept them so. */
    static long machineBusyNanos() {
        String[] fields =
                read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split(" +", -1);
        long ticks = 0;
        for (int i = 1; i <= 8; i++) {
            boolean idle = i == 4 || i == 5;
            ticks += idle ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
