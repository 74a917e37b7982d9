package io.sockeye.adapter;

/** Makes the adapter of each namespace. Set on the server's builder; by default {@link InMemoryAdapter#factory()}. */
@FunctionalInterface
public interface AdapterFactory {

    /** Makes the adapter of a namespace that was just created. Called once per namespace, on the creating thread. */
    Adapter create(LocalNamespace namespace);
}
