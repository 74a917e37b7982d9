/**
 * What every test run shares. Registered with the JUnit Platform as services, so that depending on this module is all it
 * takes. Never published.
 */
@NullMarked
package io.sockeye.testsupport;

import org.jspecify.annotations.NullMarked;
