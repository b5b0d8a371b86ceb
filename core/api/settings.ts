import { SettingRefusal } from '../settings.ts'
import { type CoreServices, procedures } from './services.ts'

/** Every setting, by its key. */
export function settingProcedures({ settings }: CoreServices) {
  return {
    list: procedures.settings.list.handler(() => settings.list()),

    set: procedures.settings.set.handler(async ({ input, errors }) =>
      settings.set(input.key, input.value).catch((error: unknown) => {
        throw error instanceof SettingRefusal ? errors.CONFLICT({ message: error.message }) : error
      }),
    ),
  }
}
