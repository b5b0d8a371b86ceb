import type { ZapSummary } from '../../core/contract/values.ts'
import type { Problem } from '../../core/domain/zap/problem.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { dropZap, patchZap, reloadZaps } from '../queries/zaps.ts'
import { toast } from '../ui/layers/toast.tsx'
import { saveAsFile } from './save-as-file.ts'
import type { Template } from './templates/templates.ts'

/** Why a zap could not be switched on, for the dialog that lists it. */
export type Refusal = { readonly zapId: string; readonly zapName: string; readonly problems: readonly Problem[] }

/** Switches a zap on or off, shown at once and taken back if refused. Returns the problems when it cannot run yet. */
export async function switchZap(zap: ZapSummary, enabled: boolean): Promise<Refusal | null> {
  patchZap(zap.id, { status: enabled ? 'enabled' : 'disabled' })
  try {
    const now = await api.zaps.setEnabled({ id: zap.id, enabled })
    patchZap(zap.id, { status: now.status, liveVersion: now.liveVersion, draftDiffers: now.draftDiffers })
    return null
  } catch (thrown) {
    patchZap(zap.id, { status: zap.status })
    const failure = describeFailure(thrown)
    if (failure.code === 'INVALID_ZAP') return { zapId: zap.id, zapName: zap.name, problems: failure.problems }
    toast({
      title: `"${zap.name}" could not be switched ${enabled ? 'on' : 'off'}`,
      detail: failure.message,
      tone: 'error',
    })
    return null
  }
}

/** Makes a zap, blank or of a draft. Returns its id, or null when the host refused (which has then been said). */
export async function createZap(draft?: ZapFile): Promise<string | null> {
  try {
    return (await api.zaps.create(draft === undefined ? {} : { draft })).id
  } catch (thrown) {
    toast({ title: 'No new zap could be made', detail: describeFailure(thrown).message, tone: 'error' })
    return null
  }
}

/** Makes a draft of a template. What starts it in a test is the template's own example, which is pinned to its trigger. */
export async function createFromTemplate({ zap, sample }: Template): Promise<string | null> {
  const id = await createZap(zap)
  const [trigger] = zap.steps
  // Without the example a test takes that of the trigger.
  if (id !== null && trigger !== undefined)
    await api.zaps.pinOutput({ id, step: trigger.id, output: sample }).catch(() => undefined)
  return id
}

export async function duplicateZap(zap: ZapSummary): Promise<void> {
  try {
    const copy = await api.zaps.duplicate({ id: zap.id })
    await reloadZaps()
    toast({ title: `"${copy.name}" is there as a draft`, tone: 'success' })
  } catch (thrown) {
    toast({ title: `"${zap.name}" could not be duplicated`, detail: describeFailure(thrown).message, tone: 'error' })
  }
}

export async function exportZap(zap: ZapSummary): Promise<void> {
  try {
    saveAsFile(`${fileName(zap.name)}.zap.json`, JSON.stringify(await api.zaps.export({ id: zap.id }), null, 2))
  } catch (thrown) {
    toast({ title: `"${zap.name}" could not be exported`, detail: describeFailure(thrown).message, tone: 'error' })
  }
}

/** Deletes at once and offers the way back, rather than asking first. */
export async function removeZap(zap: ZapSummary): Promise<void> {
  dropZap(zap.id)
  try {
    await api.zaps.remove({ id: zap.id })
    toast({ title: `Deleted "${zap.name}"`, action: { label: 'Undo', onClick: () => void restoreZap(zap) } })
  } catch (thrown) {
    toast({ title: `"${zap.name}" could not be deleted`, detail: describeFailure(thrown).message, tone: 'error' })
    await reloadZaps()
  }
}

async function restoreZap(zap: ZapSummary): Promise<void> {
  try {
    await api.zaps.restore({ id: zap.id })
    await reloadZaps()
  } catch (thrown) {
    toast({ title: `"${zap.name}" could not be brought back`, detail: describeFailure(thrown).message, tone: 'error' })
  }
}

/** A name that every file system takes. */
function fileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80)
  return plain === '' ? 'zap' : plain
}
