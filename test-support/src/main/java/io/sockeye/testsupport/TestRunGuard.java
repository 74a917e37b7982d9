package io.sockeye.testsupport;

import java.util.ArrayList;
import java.util.List;
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
    private final SkipRecorder skips = new SkipRecorder();
    private @Nullable LeakRecorder leaks; // set when the session opens

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        leaks = LeakRecorder.install();
        session.getLauncher().registerTestExecutionListeners(skips);
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        List<String> faults = new ArrayList<>();
        for (String leak : leaksFound()) {
            faults.add("LEAK: " + leak);
        }
        if (!Boolean.getBoolean("sockeye.allowSkipped")) {
            for (String skipped : skips.skipped()) {
                faults.add("SKIPPED: " + skipped);
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("The tests leaked buffers or were skipped:\n" + String.join("\n", faults));
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
}
