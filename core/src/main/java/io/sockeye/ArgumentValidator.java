package io.sockeye;

import org.jspecify.annotations.Nullable;

/**
 * Looks at each argument that was bound to a type, before a typed handler runs ({@link SocketIoServerBuilder#validator}). Runs
 * where handlers run; called from many threads at once.
 */
@FunctionalInterface
public interface ArgumentValidator {

    /**
     * What is wrong with a value, for the client and the error hooks to read; null when nothing is. An exception counts as a
     * failure of the handler.
     *
     * @param value an argument, never null: {@code null} is for the handler to judge
     */
    @Nullable String violation(Object value);
}
