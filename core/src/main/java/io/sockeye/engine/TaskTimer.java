package io.sockeye.engine;

/** Runs a task of the layer above when its time has come. Confined to its event loop. */
final class TaskTimer extends Timer {
    private final Runnable task;

    TaskTimer(Runnable task) {
        this.task = task;
    }

    @Override
    void expire() {
        task.run();
    }
}
