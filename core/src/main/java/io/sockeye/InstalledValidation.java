package io.sockeye;

import org.jspecify.annotations.Nullable;

/**
 * The Bean Validation of the class path, looked for once. Names none of the library's classes, which need not be there.
 * Thread-safe.
 */
final class InstalledValidation {
    /** Null when the library or a provider is missing. */
    static final @Nullable ArgumentValidator VALIDATOR = find();

    private InstalledValidation() {}

    private static @Nullable ArgumentValidator find() {
        try {
            Class.forName(
                    "jakarta.validation.Validation",
                    /* initialize= */ false,
                    InstalledValidation.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
        return BeanValidation.ofDefaultProvider();
    }
}
