package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.jspecify.annotations.Nullable;

/**
 * SPI: how a server's packets are written to Engine.IO messages and read from them (Socket.IO v5, Packet encoding). Both sides
 * of a connection have to use the same one; nothing on the wire tells which. The default is {@link DefaultParser}.
 *
 * <p>A server has one, made by its {@link ParserFactory}. Thread-safe.
 */
public interface Parser {

    /** Writes packets. Always the same one. */
    Encoder encoder();

    /** What the decoders of one event loop share, made anew by each call. */
    Decoders newDecoders();

    /** Makes the decoders of one event loop, and holds the memory they share. Confined to that event loop. */
    interface Decoders {

        /** A decoder for one connection. */
        Decoder newDecoder();
    }

    /**
     * Reads the packets of one connection out of its messages. Bytes of a peer raise nothing but {@link ProtocolException},
     * after which the connection is closed and the decoder not used again. What a packet holds is bounded by the message that
     * it came in: a decoder makes no more of it than the {@link Arguments}' positions until a handler asks for a type.
     *
     * <p>An event's name is never {@linkplain ReservedEvents reserved}. Confined to its connection's event loop.
     */
    interface Decoder {

        /**
         * Takes a text message.
         *
         * @param array holds valid UTF-8 in the range; not copied, must not be written to afterwards
         * @return the packet; null when more messages belong to it
         * @throws ProtocolException when it is no packet
         */
        @Nullable SocketPacket decodeText(byte[] array, int offset, int length) throws ProtocolException;

        /**
         * Takes a binary message.
         *
         * @param data not copied, must not be written to afterwards
         * @return the packet that is complete with it; null when more messages belong to it
         * @throws ProtocolException when it is no packet, and part of none
         */
        @Nullable SocketPacket decodeBinary(byte[] data) throws ProtocolException;
    }

    /**
     * Writes packets, each once for all its recipients. Does not look at event names; see {@link ReservedEvents}. Values that
     * cannot be written raise a {@link tools.jackson.core.JacksonException}. Thread-safe.
     */
    interface Encoder {

        /**
         * Writes an event. With connection state recovery the last argument is a text of ASCII characters; these stand in the
         * packet's bytes as they are, and no equal ones behind them, because they are overwritten when the text is known.
         *
         * @param id what the acknowledgement is to carry; {@link SocketPacket#NO_ID} when none is asked for
         * @param args live values; not kept
         */
        EncodedPacket event(String namespace, long id, String name, @Nullable Object[] args, boolean compressible);

        /** Writes an event with arguments of any kind; otherwise like the other form. */
        default EncodedPacket event(String namespace, long id, String name, Arguments args, boolean compressible) {
            return event(namespace, id, name, LiveArguments.valuesOf(args), compressible);
        }

        /**
         * Writes an acknowledgement.
         *
         * @param args live values; not kept
         */
        EncodedPacket ack(String namespace, long id, @Nullable Object[] args, boolean compressible);

        /** Writes an acknowledgement with arguments of any kind; otherwise like the other form. */
        default EncodedPacket ack(String namespace, long id, Arguments args, boolean compressible) {
            return ack(namespace, id, LiveArguments.valuesOf(args), compressible);
        }

        /**
         * Writes the server's answer to a client that has joined.
         *
         * @param pid the private id for connection state recovery; null when there is none
         */
        EncodedPacket connect(String namespace, String sid, @Nullable String pid);

        /**
         * Writes the server's answer to a client of the protocol's revision 4 that has joined, which knows its id (Socket.IO
         * v4, Packet encoding).
         */
        EncodedPacket connect(String namespace);

        /**
         * Writes the server's refusal.
         *
         * @param data any value; null when there is none
         * @throws IllegalArgumentException when the data contains binary data, and this packet cannot carry it
         */
        EncodedPacket connectError(String namespace, String message, @Nullable Object data);

        /**
         * Writes the server's refusal for a client of the protocol's revision 4, where it is one value (Socket.IO v4, Packet
         * encoding).
         *
         * @param data any value, mostly text
         * @throws IllegalArgumentException when the data contains binary data, and this packet cannot carry it
         */
        EncodedPacket connectError(String namespace, Object data);

        /** Writes that the sender leaves the namespace. */
        EncodedPacket disconnect(String namespace);

        /** Writes a value once, so that it can be part of many packets. */
        RawArgument raw(@Nullable Object value);

        /** Writes live arguments once, so that they can be part of many packets; others stay as they are. */
        default Arguments written(Arguments args) {
            return args instanceof LiveArguments live ? live.written(this) : args;
        }
    }
}
