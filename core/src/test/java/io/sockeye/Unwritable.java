package io.sockeye;

/** What Jackson cannot write. */
record Unwritable(int value) {
    @Override
    public int value() {
        throw new IllegalStateException("cannot be read");
    }
}
