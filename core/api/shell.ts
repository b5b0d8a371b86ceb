import type { Shell } from '../domain/host/shell.ts'
import { type HostServices, procedures } from './services.ts'

const DONE = { ok: true } as const

/** The desktop app around its screens, where there is one. */
export function shellProcedures({ shell }: HostServices) {
  /** Has the shell do something; what it refuses is a CONFLICT in its own words. */
  async function ask<Answer>(
    errors: { CONFLICT(options: { message: string }): Error },
    work: (shell: Shell) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    if (shell === undefined)
      throw errors.CONFLICT({
        message: 'This host runs without the desktop app, so there is nothing around its screens.',
      })
    try {
      return await work(shell)
    } catch (error) {
      throw errors.CONFLICT({ message: error instanceof Error ? error.message : String(error) })
    }
  }

  return {
    state: procedures.shell.state.handler(() => shell?.state() ?? null),
    takeOpened: procedures.shell.takeOpened.handler(() => [...(shell?.takeOpened() ?? [])]),
    notices: procedures.shell.notices.handler(() => shell?.notices() ?? null),
    setCommandLine: procedures.shell.setCommandLine.handler(async ({ input, errors }) => {
      await ask(errors, ({ setCommandLine }) => setCommandLine(input.isWanted))
      return DONE
    }),
    checkForUpdates: procedures.shell.checkForUpdates.handler(async ({ errors }) => {
      await ask(errors, ({ checkForUpdates }) => checkForUpdates())
      return DONE
    }),
    installUpdate: procedures.shell.installUpdate.handler(async ({ errors }) => {
      await ask(errors, ({ installUpdate }) => installUpdate())
      return DONE
    }),
    showLog: procedures.shell.showLog.handler(async ({ errors }) => {
      await ask(errors, ({ showLog }) => showLog())
      return DONE
    }),
    leaveQuickRun: procedures.shell.leaveQuickRun.handler(async ({ input, errors }) => {
      await ask(errors, ({ leaveQuickRun }) => leaveQuickRun(input.path))
      return DONE
    }),
    setTheme: procedures.shell.setTheme.handler(async ({ input, errors }) => {
      await ask(errors, ({ setTheme }) => setTheme(input.theme))
      return DONE
    }),
  }
}
