package io.sockeye.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The process protocol that all fixtures share: {@code ready PORT} on the standard output, questions on the standard
 * input and, with {@code --until-eof}, an end with it, so that no server outlives its benchmark. Confined to the program's main thread.
 */
public final class FixtureControl {
    private FixtureControl() {}

    /** Says that the server is ready, and answers questions until there can be no more. */
    @SuppressWarnings("SystemOut") // lines on the standard output are the program's interface
    public static void serve(int port, List<String> flags) throws IOException {
        System.out.println("ready " + port);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String question; (question = questions.readLine()) != null; ) {
            System.out.println(answer(question));
        }
        if (flags.contains("--until-eof")) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static String answer(String question) {
        switch (question) {
            case "gc" -> {
                System.gc();
                return "gc done";
            }
            case "allocated" -> {
                return "allocated " + allocatedBytes();
            }
            default -> {
                return "what? " + question;
            }
        }
    }

    /** Bytes allocated by all threads, ended ones too; the JDK counts them from 21 on. */
    private static String allocatedBytes() {
        try {
            return ThreadMXBean.class
                    .getMethod("getTotalThreadAllocatedBytes")
                    .invoke(ManagementFactory.getThreadMXBean())
                    .toString();
        } catch (ReflectiveOperationException before21) {
            return "unknown";
        }
    }
}
