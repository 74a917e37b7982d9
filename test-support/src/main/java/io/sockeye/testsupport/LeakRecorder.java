package io.sockeye.testsupport;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Netty's leak detection, with the reports kept instead of logged.
 *
 * <p>Netty notices a leak when a later allocation finds the garbage collector's word that a tracked buffer is gone. So
 * {@link #leaks} asks for a collection and then makes each detector look once more. Safe for any thread.
 */
final class LeakRecorder extends ResourceLeakDetectorFactory {
    private static final int COLLECTIONS = 3;

    private final List<Detector<?>> detectors = new CopyOnWriteArrayList<>();
    private final List<String> leaks = new CopyOnWriteArrayList<>();

    private LeakRecorder() {}

    /** Takes the place of Netty's own detectors; to be called before the first buffer is allocated. */
    static LeakRecorder install() {
        LeakRecorder recorder = new LeakRecorder();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(recorder);
        return recorder;
    }

    @Override
    @SuppressWarnings("deprecation") // one of the two abstract overloads; Netty calls the other
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            Class<T> resource, int samplingInterval, long maxActive) {
        Detector<T> detector = new Detector<>(resource, samplingInterval);
        detectors.add(detector);
        return detector;
    }

    /** Everything leaked so far, one report each with the buffer's recorded accesses. Collects garbage. */
    List<String> leaks() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            detectors.forEach(Detector::look);
        }
        return List.copyOf(leaks);
    }

    /** Returns once the collector has cleared and enqueued an object that was garbage when the method was called. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        do {
            System.gc();
        } while (queue.remove(/* timeoutMillis= */ 100) != canary);
    }

    private final class Detector<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation") // deprecated for callers, who are to use the factory; this is the factory
        Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            leaks.add(resourceType + " was not released before it was garbage-collected." + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            leaks.add(resourceType + " was not released before it was garbage-collected (no records).");
        }

        /** Tracks and releases a throw-away object, which is what makes Netty look at what was collected. */
        @SuppressWarnings("unchecked") // the detector never touches the object as a T
        void look() {
            T probe = (T) new Object();
            ResourceLeakTracker<T> tracker = track(probe);
            if (tracker != null) {
                tracker.close(probe);
            }
        }
    }
}
