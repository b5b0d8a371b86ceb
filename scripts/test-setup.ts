// Before every file of unit tests.
import fc from 'fast-check'

// Of random values a test tries so many where it does not say how many: there are a hundred such tests, and a run of all has minutes.
fc.configureGlobal({ numRuns: 30 })
