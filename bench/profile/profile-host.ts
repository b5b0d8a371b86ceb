// Loaded into a profiled host by `--import`: profiles its main thread from one SIGUSR2 to the next, and leaves the profile in a file.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'

const INTERVAL_US = 500
const file = process.env.HOOKLINE_BENCH_PROFILE
if (file !== undefined) {
  const session = new Session()
  process.once('SIGUSR2', () => {
    session.connect()
    session.post('Profiler.enable')
    session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US })
    session.post('Profiler.start')
    process.once('SIGUSR2', () => {
      // Answered before `post` returns, as it is asked by the thread itself.
      session.post('Profiler.stop', (error, { profile }) => {
        if (error === null) writeFileSync(file, JSON.stringify(profile))
      })
    })
  })
}
