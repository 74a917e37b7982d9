package io.sockeye.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails a test run in which a buffer leaked or a test was skipped, whatever its tests said.
 *
 * <p>The JUnit Platform calls it at the two ends of a run. What it throws at the end passes through to Surefire, which
 * fails the build and prints it. A run by hand may skip tests with {@code -Dsockeye.allowSkipped=true}.
 */
public final class TestRunGuard implements LauncherSessionListener {
    private static final int MOST_PRINTED = 10;

    /** Stack frames below the test's own, the same in every record. */
    private static final Predicate<String> RUNNER_FRAME = Pattern.compile(
                    "^\\s+(org\\.junit\\.|net\\.jqwik\\.engine\\.|org\\.apache\\.maven\\.surefire\\.|"
                            + "java\\.base/(jdk\\.internal\\.reflect|java\\.lang\\.reflect|java\\.util)\\.)")
            .asPredicate();

    private final SkipRecorder skips = new SkipRecorder();
    private @Nullable LeakRecorder leaks; // null before the session opens

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        leaks = LeakRecorder.install();
        session.getLauncher().registerTestExecutionListeners(skips);
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        List<String> faults = new ArrayList<>();
        for (String leak : leaksFound()) {
            faults.add("LEAK: " + withoutRunnerFrames(leak));
        }
        if (!Boolean.getBoolean("sockeye.allowSkipped")) {
            for (String skipped : skips.skipped()) {
                faults.add("SKIPPED: " + skipped);
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(faults.size()
                    + " leak(s) or skipped test(s), which fail the run:\n"
                    + String.join("\n", faults.subList(0, Math.min(faults.size(), MOST_PRINTED))));
        }
    }

    private List<String> leaksFound() {
        if (leaks == null) {
            return List.of();
        }
        try {
            return leaks.leaks();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("interrupted before leaks could be counted");
        }
    }

    private static String withoutRunnerFrames(String leak) {
        return leak.lines().filter(RUNNER_FRAME.negate()).reduce("", (text, line) -> text + line + "\n");
    }
}
