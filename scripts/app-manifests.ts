import { appManifestOf } from '../core/connectors/app-list.ts'
import { apps } from '../core/connectors/apps.ts'

type Emitter = { emitFile(file: { type: 'asset'; fileName: string; source: string }): string }

/** Writes what is known of every app without its module beside the program, so that it need not load apps that no zap uses. */
export function appManifests() {
  return {
    name: 'hookline:app-manifests',
    async generateBundle(this: Emitter): Promise<void> {
      for (const entry of apps) {
        const app = await entry.load()
        if (app.id !== entry.id) throw new Error(`core/connectors/apps.ts calls the app ${app.id} ${entry.id}`)
        const source = JSON.stringify(appManifestOf(app))
        this.emitFile({ type: 'asset', fileName: `app-manifests/${app.id}.json`, source })
      }
    },
  }
}
