package io.sockeye.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/**
 * A client that writes and reads bytes, each a Latin-1 character, over a loopback socket. A read that nothing comes for
 * fails after a while. Confined to one thread.
 */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Connects to a port of this machine. */
    public static RawClient connect(int port) {
        return connect(SocketFactory.getDefault(), port);
    }

    /** Connects to a port of this machine, for example with TLS. */
    public static RawClient connect(SocketFactory factory, int port) {
        try {
            return new RawClient(factory.createSocket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends. */
    public RawClient send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends, and waits for no answer; the connection may have gone. */
    public RawClient trySend(String bytes) {
        try {
            return send(bytes);
        } catch (UncheckedIOException e) {
            return this;
        }
    }

    /** What comes until the text has come. */
    public String readUntil(String text) {
        StringBuilder read = new StringBuilder();
        try {
            do {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("ended after: " + read);
                }
                read.append((char) b);
            } while (!endsWith(read, text));
        } catch (IOException e) {
            throw new AssertionError("failed after: " + read, e);
        }
        return read.toString();
    }

    private static boolean endsWith(StringBuilder read, String text) {
        int start = read.length() - text.length();
        return start >= 0
                && read.charAt(read.length() - 1) == text.charAt(text.length() - 1)
                && read.substring(start).equals(text);
    }

    /** Exactly as many bytes as are asked for. */
    public byte[] read(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new AssertionError("ended after " + bytes.length + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new AssertionError("failed while reading", e);
        }
    }

    /** What comes until the server closes the connection, in whatever manner. */
    public String readToEnd() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            in.transferTo(bytes);
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("still open after: " + bytes.toString(StandardCharsets.ISO_8859_1), e);
        } catch (IOException e) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public RawClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset instead of an orderly end. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
