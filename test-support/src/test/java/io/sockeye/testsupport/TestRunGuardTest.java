package io.sockeye.testsupport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs small test classes as a build would, each under a guard of its own. */
class TestRunGuardTest {
    @Test
    void leakFailsTheRun() {
        assertThatThrownBy(() -> run(Leaks.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Resource was not released")
                .hasMessageContaining(Leaks.class.getName())
                .hasMessageNotContaining("org.junit.");
    }

    @Test
    void disabledTestFailsTheRun() {
        assertThatThrownBy(() -> run(Disables.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("SKIPPED: ")
                .hasMessageContaining("because");
    }

    @Test
    void brokenAssumptionFailsTheRun() {
        assertThatThrownBy(() -> run(Assumes.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("SKIPPED: ")
                .hasMessageContaining("no server");
    }

    @Test
    void cleanRunPasses() {
        assertThatCode(() -> run(Releases.class)).doesNotThrowAnyException();
    }

    private static void run(Class<?> testClass) {
        LauncherConfig config = LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .addLauncherSessionListeners(new TestRunGuard())
                .build();
        try (LauncherSession session = LauncherFactory.openSession(config)) {
            session.getLauncher()
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(selectClass(testClass))
                            .build());
        }
    }

    static class Leaks {
        @Test
        void forgetsToRelease() {
            Resource.open();
        }
    }

    static class Releases {
        @Test
        void releases() {
            Resource.open().close();
        }
    }

    static class Disables {
        @Test
        @Disabled("because")
        void never() {}
    }

    static class Assumes {
        @Test
        void givesUp() {
            Assumptions.abort("no server");
        }
    }

    /** Tracked as Netty tracks a buffer. */
    private static final class Resource {
        private ResourceLeakTracker<Resource> tracker;

        static Resource open() {
            ResourceLeakDetector<Resource> detector =
                    ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Resource.class);
            Resource resource = new Resource();
            resource.tracker = detector.track(resource);
            return resource;
        }

        void close() {
            tracker.close(this);
        }
    }
}
