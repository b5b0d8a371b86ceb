import { apps } from '../core/connectors/apps.ts'
import { families } from '../core/connectors/families.ts'
import { familyManifestOf } from '../core/connectors/family-list.ts'
import { writeManifest } from '../core/connectors/manifest-file.ts'

type Emitter = { emitFile(file: { type: 'asset'; fileName: string; source: string }): string }

/** Writes what is known of each family of connectors without its module beside the program, so that it need not load what no zap uses. */
export function connectorManifests() {
  return {
    name: 'hookline:connector-manifests',
    async generateBundle(this: Emitter): Promise<void> {
      for (const entry of [...families, ...apps]) {
        const family = await entry.load()
        if (family.id !== entry.id) throw new Error(`The list of families calls the family ${family.id} ${entry.id}`)
        const source = writeManifest(familyManifestOf(family))
        this.emitFile({ type: 'asset', fileName: `connector-manifests/${family.id}.json`, source })
      }
    },
  }
}
