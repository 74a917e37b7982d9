package io.sockeye.transport.polling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds long-polling to {@code HttpExchange} alone, so that a servlet container can serve it too. */
class ArchitectureTest {
    @Test
    void pollingKnowsNeitherNettyNorTheFrontDoor() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.sockeye.transport.polling");
        noClasses()
                .that()
                .resideInAPackage("io.sockeye.transport.polling..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.sockeye.http..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
