package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses one text message into a packet: the header by hand, byte for byte as the reference's parser takes it, the JSON with
 * the {@link JsonScanner}. Its fields are the working memory of one parse and mean nothing after it.
 *
 * <p>The reference converts parts of the header with JavaScript's {@code Number()}. So white space counts as the digit 0
 * where a type or id may stand, and the count of attachments may be written in any way that makes a number. Ids lose precision
 * beyond 2<sup>53</sup>. Where the reference ends up with an id that is no number, or one beyond 2<sup>63</sup>, which no client
 * sends, there is none here.
 *
 * <p>Confined to one event loop.
 */
final class PacketReader {
    private static final int CONNECT = 0;
    private static final int DISCONNECT = 1;
    private static final int EVENT = 2;
    private static final int ACK = 3;
    private static final int CONNECT_ERROR = 4;
    private static final int BINARY_EVENT = 5;
    private static final int BINARY_ACK = 6;

    /** As many digits as a long holds without overflow and a double without loss. */
    private static final int MAX_PLAIN_DIGITS = 15;

    private static final int MIN_BOUNDS = 16;
    private static final int MAX_BOUNDS_KEPT = 1024;
    private static final int[] NO_BOUNDS = {};

    private final Binder binder;
    private final int maxAttachments;
    private final JsonScanner scanner = new JsonScanner(SocketJson.MAX_DEPTH - 1); // the packet's array is one level
    private final NameCache names = new NameCache();
    private final NameCache namespaces = new NameCache();

    private byte[] array = {};
    private int end;
    private int position;
    private int attachments; // 0 unless the packet is binary
    private int[] bounds = new int[MIN_BOUNDS]; // start and end of each element of the packet's array
    private int size; // of the packet's array
    private @Nullable PendingPacket pending; // set for the decoder when read() has answered null

    PacketReader(Binder binder, int maxAttachments) {
        this.binder = binder;
        this.maxAttachments = maxAttachments;
    }

    /** The packet in the range; null when it is binary, and to be had from {@link #takePending}. */
    @Nullable SocketPacket read(byte[] message, int from, int to) throws ProtocolException {
        array = message;
        position = from;
        end = to;
        try {
            int type = type();
            attachments = type == BINARY_EVENT || type == BINARY_ACK ? attachments() : 0;
            String namespace = namespace();
            long id = id();
            SocketPacket packet = packet(type, namespace, id);
            if (attachments == 0) {
                return packet;
            }
            pending = new PendingPacket(packet, attachments);
            return null;
        } finally {
            array = JsonString.EMPTY;
            if (bounds.length > MAX_BOUNDS_KEPT) {
                bounds = new int[MIN_BOUNDS];
            }
        }
    }

    /** The packet that waits for its attachments. */
    @Nullable PendingPacket takePending() {
        PendingPacket taken = pending;
        pending = null;
        return taken;
    }

    private int type() throws ProtocolException {
        if (position == end) {
            throw new ProtocolException("unknown packet type undefined");
        }
        int c = array[position];
        if (c >= '0' && c <= '6') {
            position++;
            return c - '0';
        }
        int whiteSpace = JsNumber.whiteSpaceLength(array, position, end);
        if (whiteSpace > 0) {
            position += whiteSpace;
            return CONNECT; // Number(" ") is 0
        }
        throw new ProtocolException("unknown packet type " + (c >= '7' && c <= '9' ? (char) c : "NaN"));
    }

    private int attachments() throws ProtocolException {
        int start = position;
        int dash = start;
        while (dash < end && array[dash] != '-') {
            dash++;
        }
        if (dash == end) {
            throw new ProtocolException("Illegal attachments");
        }
        position = dash + 1;
        double count = dash - start == 1 && isDigit(array[start])
                ? array[start] - '0'
                : JsNumber.parse(new String(array, start, dash - start, StandardCharsets.UTF_8));
        if (!(count >= 1) || count != Math.rint(count) || Double.isInfinite(count)) {
            throw new ProtocolException("Illegal attachments");
        }
        if (count > maxAttachments) {
            throw new ProtocolException("too many attachments");
        }
        return (int) count;
    }

    private String namespace() {
        if (position == end || array[position] != '/') {
            return SocketPacket.ROOT_NAMESPACE;
        }
        int start = position;
        int comma = start;
        while (comma < end && array[comma] != ',') {
            comma++;
        }
        position = Math.min(comma + 1, end);
        return comma - start == 1 ? SocketPacket.ROOT_NAMESPACE : namespaces.text(array, start, comma);
    }

    private long id() {
        int start = position;
        int p = start;
        long id = 0;
        while (p < end && isDigit(array[p]) && p - start < MAX_PLAIN_DIGITS) {
            id = 10 * id + array[p++] - '0';
        }
        if (p < end && (isDigit(array[p]) || JsNumber.whiteSpaceLength(array, p, end) > 0)) {
            return unusualId();
        }
        position = p;
        return p == start ? SocketPacket.NO_ID : id;
    }

    private long unusualId() {
        int start = position;
        int p = start;
        while (p < end) {
            int length = isDigit(array[p]) ? 1 : JsNumber.whiteSpaceLength(array, p, end);
            if (length == 0) {
                break;
            }
            p += length;
        }
        position = p;
        double id = JsNumber.parse(new String(array, start, p - start, StandardCharsets.UTF_8));
        return id < Long.MAX_VALUE ? (long) id : SocketPacket.NO_ID;
    }

    private SocketPacket packet(int type, String namespace, long id) throws ProtocolException {
        boolean empty = position == end;
        return switch (type) {
            case CONNECT ->
                new SocketPacket.Connect(namespace, empty ? noArguments() : singleArgument(/* string= */ false));
            case DISCONNECT -> {
                if (!empty) {
                    throw invalidPayload();
                }
                yield new SocketPacket.Disconnect(namespace);
            }
            case CONNECT_ERROR ->
                new SocketPacket.ConnectError(namespace, empty ? noArguments() : singleArgument(/* string= */ true));
            case EVENT, BINARY_EVENT ->
                empty
                        ? new SocketPacket.Event(namespace, SocketPacket.NO_ID, "undefined", noArguments())
                        : event(namespace, id);
            case ACK, BINARY_ACK -> new SocketPacket.Ack(namespace, id, empty ? noArguments() : elements(0));
            default -> throw new IllegalStateException("type " + type);
        };
    }

    private SocketPacket event(String namespace, long id) throws ProtocolException {
        Arguments args = elements(1);
        int start = bounds[0];
        int last = bounds[1] - 1;
        byte first = array[start];
        if (first == '"') {
            boolean plain = JsonScanner.plainEnd(array, start + 1, last) == last;
            String name = plain ? names.text(array, start + 1, last) : JsonString.decode(array, start + 1, last);
            if (!ReservedEvents.isReserved(name)) {
                return new SocketPacket.Event(namespace, id, name, args);
            }
        } else if (first == '-' || isDigit(first)) {
            return new SocketPacket.Event(namespace, id, JsNumber.text(JsNumber.json(array, start, last + 1)), args);
        }
        throw invalidPayload();
    }

    /** The elements of the JSON array at the position, from the {@code skipped}th on. */
    private Arguments elements(int skipped) throws ProtocolException {
        scanArray();
        if (size < skipped) {
            throw invalidPayload();
        }
        int count = size - skipped;
        if (count == 0) {
            return noArguments();
        }
        int first = 2 * skipped;
        int[] rest = count == 1 ? NO_BOUNDS : Arrays.copyOfRange(bounds, first + 2, 2 * size);
        return arguments(bounds[first], bounds[first + 1], rest);
    }

    private void scanArray() throws ProtocolException {
        size = 0;
        if (array[position] != '[') {
            throw invalidPayload();
        }
        int p = JsonScanner.skipWhiteSpace(array, position + 1, end);
        if (p < end && array[p] == ']') {
            requireEnd(p + 1);
            return;
        }
        while (true) {
            int start = JsonScanner.skipWhiteSpace(array, p, end);
            p = scanner.value(array, start, end);
            if (p < 0) {
                throw invalidPayload();
            }
            addBounds(start, p);
            p = JsonScanner.skipWhiteSpace(array, p, end);
            if (p < end && array[p] == ']') {
                requireEnd(p + 1);
                return;
            }
            if (p == end || array[p] != ',') {
                throw invalidPayload();
            }
            p++;
        }
    }

    private void addBounds(int start, int valueEnd) {
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * size] = start;
        bounds[2 * size + 1] = valueEnd;
        size++;
    }

    /** The one object, or string where that is allowed, at the position. */
    private Arguments singleArgument(boolean string) throws ProtocolException {
        byte first = array[position];
        int valueEnd =
                first == '{' || (string && first == '"') ? scanner.value(array, position, end) : JsonScanner.INVALID;
        if (valueEnd < 0) {
            throw invalidPayload();
        }
        requireEnd(valueEnd);
        return arguments(position, valueEnd, NO_BOUNDS);
    }

    private void requireEnd(int p) throws ProtocolException {
        if (JsonScanner.skipWhiteSpace(array, p, end) != end) {
            throw invalidPayload();
        }
    }

    private static Arguments noArguments() {
        return JsonArguments.NONE;
    }

    private JsonArguments arguments(int start, int firstEnd, int[] rest) {
        return new JsonArguments(array, Placeholders.NONE, JsonSource.NO_ATTACHMENTS, binder, start, firstEnd, rest);
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static ProtocolException invalidPayload() {
        return new ProtocolException("invalid payload");
    }
}
