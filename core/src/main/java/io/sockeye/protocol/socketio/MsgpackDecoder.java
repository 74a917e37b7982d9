package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads packets that are each one binary message, a map in MessagePack (socket.io-msgpack-parser):
 *
 * <pre>
 *   { type: 0 to 4, nsp: str, data: depends on the type, id: integer }
 * </pre>
 *
 * <p>As in the reference, other keys mean nothing, of repeated ones the last counts, {@code undefined} is as good as absent, and
 * a number is an integer whatever its form. What it does not look at, the names of events, follows the default parser.
 *
 * <p>Has no state between messages, so one serves all connections of its event loop, to which it is confined.
 */
final class MsgpackDecoder implements Parser.Decoder, Parser.Decoders {
    private static final int CONNECT = 0;
    private static final int DISCONNECT = 1;
    private static final int EVENT = 2;
    private static final int ACK = 3;
    private static final int CONNECT_ERROR = 4;

    /** Where a field is that is absent or undefined. */
    private static final int ABSENT = -1;

    private static final int MIN_BOUNDS = 16;
    private static final int MAX_BOUNDS_KEPT = 1024;

    private final MsgpackBinder binder;
    private final MsgpackScanner scanner =
            new MsgpackScanner(SocketJson.MAX_DEPTH - 1); // the data's array is one level
    private final NameCache names = new NameCache();
    private final NameCache namespaces = new NameCache();

    // What follows is the working memory of one packet and means nothing after it.
    private byte[] array = JsonString.EMPTY;
    private int type; // where the value starts; so below
    private int namespace;
    private int data;
    private int id;
    private boolean binary; // whether the data holds binary data
    private int size; // of the data
    private int[] bounds = new int[MIN_BOUNDS]; // where each element of the data starts, and where the last one ends

    MsgpackDecoder(MsgpackBinder binder) {
        this.binder = binder;
    }

    @Override
    public MsgpackDecoder newDecoder() {
        return this;
    }

    @Override
    public @Nullable SocketPacket decodeText(byte[] array, int offset, int length) throws ProtocolException {
        throw malformed();
    }

    @Override
    public SocketPacket decodeBinary(byte[] message) throws ProtocolException {
        array = message;
        try {
            findFields();
            return packet();
        } finally {
            array = JsonString.EMPTY;
            if (bounds.length > MAX_BOUNDS_KEPT) {
                bounds = new int[MIN_BOUNDS];
            }
        }
    }

    /** Validates the message and finds its fields. */
    private void findFields() throws ProtocolException {
        type = ABSENT;
        namespace = ABSENT;
        data = ABSENT;
        id = ABSENT;
        binary = false;
        size = 0;
        int p = 0;
        if (array.length == 0 || !MsgpackScanner.isMap(array[0])) {
            p = value(0); // not a packet, but is it anything?
        } else {
            p = content(0);
            long count = MsgpackScanner.countOf(array, 0);
            for (long i = 0; i < count; i++) {
                p = field(p);
            }
        }
        if (p != array.length) {
            throw malformed();
        }
    }

    /** Validates the field at that key and answers the position behind it. */
    private int field(int key) throws ProtocolException {
        int start = scanner.key(array, key, array.length);
        if (start < 0 || start == array.length) {
            throw malformed();
        }
        if (isKey(key, "data")) {
            return data(start);
        }
        int behind = value(start);
        int value = MsgpackDialect.OF_CLIENTS.isUndefined(array, start) ? ABSENT : start;
        if (isKey(key, "type")) {
            type = value;
        } else if (isKey(key, "nsp")) {
            namespace = value;
        } else if (isKey(key, "id")) {
            id = value;
        }
        return behind;
    }

    /** Validates the data, keeps where its elements are, and answers the position behind it. */
    private int data(int start) throws ProtocolException {
        scanner.takeBinary();
        size = 0;
        int p;
        if (MsgpackScanner.isArray(array[start])) {
            p = content(start);
            long count = MsgpackScanner.countOf(array, start);
            addBound(p);
            while (size < count) {
                p = value(p);
                size++;
                addBound(p);
            }
        } else {
            p = value(start);
            addBound(start);
            size = 1;
            addBound(p);
        }
        data = MsgpackDialect.OF_CLIENTS.isUndefined(array, start) ? ABSENT : start;
        binary = scanner.takeBinary();
        return p;
    }

    private void addBound(int position) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[size] = position;
    }

    private int value(int start) throws ProtocolException {
        return valid(scanner.value(array, start, array.length));
    }

    private int content(int start) throws ProtocolException {
        return valid(MsgpackScanner.contentOf(array, start, array.length));
    }

    private static int valid(int position) throws ProtocolException {
        if (position < 0) {
            throw malformed();
        }
        return position;
    }

    private boolean isKey(int key, String name) {
        int length = name.length();
        if (!MsgpackScanner.isString(array[key]) || MsgpackScanner.lengthOf(array, key) != length) {
            return false;
        }
        int content = MsgpackScanner.contentOf(array, key);
        for (int i = 0; i < length; i++) {
            if (array[content + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The packet, with the reference's checks in the reference's order. */
    private SocketPacket packet() throws ProtocolException {
        int packetType = type == ABSENT ? ABSENT : typeAt(type);
        if (packetType < CONNECT) {
            throw new ProtocolException("invalid packet type");
        }
        if (namespace == ABSENT || !MsgpackScanner.isString(array[namespace])) {
            throw new ProtocolException("invalid namespace");
        }
        if (!isDataValid(packetType)) {
            throw invalidPayload();
        }
        long packetId = id();
        String name = text(namespaces, namespace);
        return switch (packetType) {
            case CONNECT -> new SocketPacket.Connect(name, payload());
            case DISCONNECT -> new SocketPacket.Disconnect(name);
            case EVENT -> event(name, packetId);
            case ACK -> new SocketPacket.Ack(name, packetId, elements(0));
            default -> new SocketPacket.ConnectError(name, payload());
        };
    }

    private int typeAt(int p) {
        if (!MsgpackNumber.isNumber(array[p])) {
            return ABSENT;
        }
        double number = MsgpackNumber.number(array, p);
        return number >= CONNECT && number <= CONNECT_ERROR && number == (int) number ? (int) number : ABSENT;
    }

    private boolean isDataValid(int packetType) {
        return switch (packetType) {
            case CONNECT -> data == ABSENT || MsgpackScanner.isMap(array[data]);
            case DISCONNECT -> data == ABSENT;
            case EVENT, ACK -> data != ABSENT && MsgpackScanner.isArray(array[data]);
            default -> data != ABSENT && (MsgpackScanner.isMap(array[data]) || MsgpackScanner.isString(array[data]));
        };
    }

    private long id() throws ProtocolException {
        if (id == ABSENT) {
            return SocketPacket.NO_ID;
        }
        double number = MsgpackNumber.isNumber(array[id]) ? MsgpackNumber.number(array, id) : Double.NaN;
        if (number != Math.rint(number) || Double.isInfinite(number)) {
            throw new ProtocolException("invalid packet id");
        }
        return number >= 0 && number < Long.MAX_VALUE ? (long) number : SocketPacket.NO_ID;
    }

    private SocketPacket event(String namespaceName, long packetId) throws ProtocolException {
        if (size == 0) {
            throw invalidPayload();
        }
        int first = bounds[0];
        String name;
        if (MsgpackScanner.isString(array[first])) {
            name = text(names, first);
        } else if (MsgpackNumber.isNumber(array[first])) {
            name = JsNumber.text(MsgpackNumber.number(array, first));
        } else {
            throw invalidPayload();
        }
        if (ReservedEvents.isReserved(name)) {
            throw invalidPayload();
        }
        return new SocketPacket.Event(namespaceName, packetId, name, elements(1));
    }

    private String text(NameCache cache, int p) {
        int start = MsgpackScanner.contentOf(array, p);
        return cache.text(array, start, start + (int) MsgpackScanner.lengthOf(array, p));
    }

    /** The elements of the data from the {@code skipped}th on; data that is no array is its only element. */
    private Arguments elements(int skipped) {
        return new MsgpackArguments(array, Arrays.copyOfRange(bounds, skipped, size + 1), binary, binder);
    }

    private Arguments payload() {
        return data == ABSENT ? new MsgpackArguments(array, new int[1], /* binary= */ false, binder) : elements(0);
    }

    private static ProtocolException invalidPayload() {
        return new ProtocolException("invalid payload");
    }

    private static ProtocolException malformed() {
        return new ProtocolException("Could not parse");
    }
}
