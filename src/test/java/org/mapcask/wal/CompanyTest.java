package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CompanyTest {
    private final Company company = new Company();

    @Test
    void shouldNotWaitWhereThereIsOneThread() {
        assertEquals(0, company.wanted(), "nothing is known yet");
        company.written(100_000, 1);
        assertEquals(0, company.wanted());
    }

    @Test
    void shouldWaitForAllOthersThatWereThereAtTheFrameBefore() {
        company.written(100_000, 8);
        assertEquals(7, company.wanted());
        company.waited(7, 7);
        company.written(100_000, 5);
        assertEquals(4, company.wanted());
    }

    @Test
    void shouldWaitNoLongerThanWritesTake() {
        for (int i = 0; i < 200; i++) {
            company.written(100_000, 8);
        }
        assertTrue(company.patienceNs() > 90_000 && company.patienceNs() <= 100_000, company.patienceNs() + " ns");
    }

    @Test
    void shouldGoWithoutAWaitMoreAndMoreOftenWhenNobodyComes() {
        int waits = 0;
        for (int frame = 0; frame < 10_000; frame++) {
            company.written(100_000, 8);
            final int wanted = company.wanted();
            if (wanted > 0) {
                waits++;
                company.waited(wanted, 0);
            }
        }
        assertTrue(waits > 100 && waits < 200, waits + " waits");
    }

    @Test
    void shouldWaitAgainForEachFrameOnceMostCome() {
        company.written(100_000, 9);
        company.waited(company.wanted(), 0);
        company.written(100_000, 9);
        assertEquals(0, company.wanted(), "goes without");
        company.written(100_000, 9);
        assertEquals(8, company.wanted());
        company.waited(8, 6);
        company.written(100_000, 9);
        assertEquals(8, company.wanted(), "three quarters are enough");
    }
}
