package io.sockeye.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Loads the classes of {@code io.socket:socket.io-client} 1.0.x from {@code target/java-client-1.0}, and with them
 * {@link OldJavaClientProgram}. All other classes are those of the tests. Thread-safe.
 */
final class OldJavaClientLoader extends URLClassLoader {
    private static final Path FOLDER = Path.of("target", "java-client-1.0");
    private static final String PROGRAM = "io.sockeye.conformance.OldJavaClientProgram";

    private final Function<Map.Entry<URI, String[]>, Object> opener;

    @SuppressWarnings("unchecked") // what the program's method gives
    OldJavaClientLoader() throws ReflectiveOperationException {
        super(jars(), OldJavaClientLoader.class.getClassLoader());
        opener = (Function<Map.Entry<URI, String[]>, Object>)
                loadClass(PROGRAM).getMethod("opener").invoke(null);
    }

    /** Opens a client of a namespace with these transports. */
    OldJavaClient open(URI server, String namespace, String... transports) {
        return (OldJavaClient) opener.apply(Map.entry(server.resolve(namespace), transports));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.socket.") && !name.startsWith(PROGRAM)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return name.startsWith(PROGRAM) ? define(name) : findClass(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static URL[] jars() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(OldJavaClientLoader::url).toArray(URL[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
