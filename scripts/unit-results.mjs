// A reporter of unit tests that writes what each file came to as soon as it is known, a line of JSON each. A run that is ended before its end
// leaves no report, but these.
import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'

export default class UnitResults {
  #file = process.env.HOOKLINE_UNIT_RESULTS

  #write(entries) {
    appendFileSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }

  onTestRunStart(specifications) {
    this.#write(specifications.map(({ moduleId }) => ({ file: relative(process.cwd(), moduleId), state: 'begun' })))
  }

  onTestModuleEnd(module) {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const test of module.children.allTests())
      counts[test.result().state === 'pending' ? 'skipped' : test.result().state]++
    this.#write([{ file: relative(process.cwd(), module.moduleId), state: module.state(), ...counts }])
  }
}
