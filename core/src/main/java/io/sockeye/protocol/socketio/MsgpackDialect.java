package io.sockeye.protocol.socketio;

/**
 * What the writers of MessagePack mean by an ext, which is a type and bytes. What none of these rules covers is an array of its
 * type and its data.
 *
 * <p>Thread-safe: without state.
 */
enum MsgpackDialect {
    /**
     * npm's notepack.io 2, on which socket.io-msgpack-parser stands. With type 0, one byte is {@code undefined}, eight in the
     * form d7 are a date in milliseconds, any number in the forms c7 to c9 is an ArrayBuffer.
     */
    OF_CLIENTS {
        @Override
        boolean isUndefined(byte[] a, int p) {
            return (a[p] & 0xff) == MsgpackScanner.FIXEXT1 && a[p + 1] == 0;
        }

        @Override
        boolean isDate(byte[] a, int p) {
            return (a[p] & 0xff) == MsgpackScanner.FIXEXT8 && a[p + 1] == 0;
        }

        @Override
        long millis(byte[] a, int p) {
            return MsgpackScanner.unsigned(a, p + 2, Long.BYTES);
        }

        @Override
        boolean isBinary(byte[] a, int p) {
            int c = a[p] & 0xff;
            boolean arrayBuffer =
                    c >= MsgpackScanner.EXT8 && c <= MsgpackScanner.EXT32 && a[MsgpackScanner.contentOf(a, p) - 1] == 0;
            return arrayBuffer || MsgpackScanner.isBin(a[p]);
        }

        @Override
        void undefined(MsgpackOutput output) {
            output.undefined();
        }

        @Override
        void date(MsgpackOutput output, long millis) {
            output.ext(MsgpackScanner.FIXEXT8, /* type= */ 0, millis, Long.BYTES);
        }
    },

    /**
     * npm's notepack.io 3 and @msgpack/msgpack, by which the nodes of a cluster talk to each other: a date is a timestamp of the
     * specification (MessagePack, Timestamp extension type), and there is no {@code undefined}.
     */
    OF_NODES {
        @Override
        boolean isUndefined(byte[] a, int p) {
            return false;
        }

        @Override
        boolean isDate(byte[] a, int p) {
            return switch (a[p] & 0xff) {
                case FIXEXT4, MsgpackScanner.FIXEXT8 -> a[p + 1] == TIMESTAMP;
                case MsgpackScanner.EXT8 -> a[p + 1] == TIMESTAMP96_BYTES && a[p + 2] == TIMESTAMP;
                default -> false;
            };
        }

        @Override
        long millis(byte[] a, int p) {
            switch (a[p] & 0xff) {
                case FIXEXT4 -> {
                    return 1000 * MsgpackScanner.unsigned(a, p + 2, Integer.BYTES);
                }
                case MsgpackScanner.FIXEXT8 -> {
                    long both = MsgpackScanner.unsigned(a, p + 2, Long.BYTES);
                    return 1000 * (both & (1L << SECONDS_BITS) - 1) + (both >>> SECONDS_BITS) / NANOS_PER_MILLI;
                }
                default -> {
                    long nanos = MsgpackScanner.unsigned(a, p + 3, Integer.BYTES);
                    return 1000 * MsgpackScanner.unsigned(a, p + 7, Long.BYTES) + nanos / NANOS_PER_MILLI;
                }
            }
        }

        @Override
        boolean isBinary(byte[] a, int p) {
            return MsgpackScanner.isBin(a[p]);
        }

        @Override
        void undefined(MsgpackOutput output) {
            output.nil();
        }

        @Override
        void date(MsgpackOutput output, long millis) {
            long seconds = Math.floorDiv(millis, 1000L);
            long nanos = Math.floorMod(millis, 1000L) * NANOS_PER_MILLI;
            if (seconds < 0 || seconds >= 1L << SECONDS_BITS) {
                output.timestamp96(TIMESTAMP, nanos, seconds);
            } else if (nanos == 0 && seconds < 1L << Integer.SIZE) {
                output.ext(FIXEXT4, TIMESTAMP, seconds, Integer.BYTES);
            } else {
                output.ext(MsgpackScanner.FIXEXT8, TIMESTAMP, nanos << SECONDS_BITS | seconds, Long.BYTES);
            }
        }
    };

    private static final int FIXEXT4 = 0xd6;
    private static final int TIMESTAMP = -1;
    private static final int TIMESTAMP96_BYTES = 12;
    private static final int SECONDS_BITS = 34;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Whether the valid value there is {@code undefined}. */
    abstract boolean isUndefined(byte[] a, int p);

    /** Whether the valid value there is a date. */
    abstract boolean isDate(byte[] a, int p);

    /** The date there, in milliseconds from 1970 on; any number. */
    abstract long millis(byte[] a, int p);

    /** Whether the valid value there is nothing but bytes. */
    abstract boolean isBinary(byte[] a, int p);

    /** Writes {@code undefined}, or what comes nearest to it. */
    abstract void undefined(MsgpackOutput output);

    /** Writes a date, in milliseconds from 1970 on. */
    abstract void date(MsgpackOutput output, long millis);
}
