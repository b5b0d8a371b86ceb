import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { InboxRequestDetail } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { useZaps } from '../queries/zaps.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'

type Version = Awaited<ReturnType<typeof api.zaps.versions>>[number]

/** Asks through which zap and version a request is to be run, and runs it. */
export function ReplayRequestDialog({ request, onClose }: { request: InboxRequestDetail; onClose: () => void }) {
  const [, navigate] = useLocation()
  const zaps = useZaps().data ?? []
  const runnable = zaps.filter((zap) => zap.uses.includes('webhook.catch'))
  const [zapId, setZapId] = useState(request.zapId ?? undefined)
  const [versions, setVersions] = useState<readonly Version[]>([])
  const [version, setVersion] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)

  useEffect(() => {
    setVersions([])
    setVersion(undefined)
    if (zapId === undefined) return
    let gone = false
    api.zaps.versions({ id: zapId }).then(
      (found) => {
        if (gone) return
        setVersions(found)
        const live = found.find((one) => one.isLive) ?? found[0]
        if (live !== undefined) setVersion(String(live.number))
      },
      (thrown: unknown) => {
        if (!gone) setRefusal(describeFailure(thrown).message)
      },
    )
    return () => {
      gone = true
    }
  }, [zapId])

  const replay = async () => {
    setBusy(true)
    setRefusal(null)
    try {
      const { runId } = await api.inbox.replay({ id: request.id, zapId, version: Number(version) })
      toast({ title: 'The request runs again', tone: 'success' })
      navigate(`/runs/${runId}`)
    } catch (thrown) {
      setRefusal(describeFailure(thrown).message)
      setBusy(false)
    }
  }

  return (
    <Dialog
      title="Run this request again"
      description="It makes a run of its own, with exactly what was sent. What its steps do outside is done again."
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={busy} disabled={version === undefined} onClick={() => void replay()}>
            Run it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Zap" htmlFor="replay-zap">
          <Select
            id="replay-zap"
            value={zapId}
            placeholder="Choose a zap…"
            onChange={(id) => {
              setRefusal(null)
              setZapId(id)
            }}
            options={runnable.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
        <Field
          label="Version"
          htmlFor="replay-version"
          help={
            zapId !== undefined && version === undefined && versions.length === 0
              ? 'A zap that was never published cannot run it.'
              : undefined
          }
        >
          <Select
            id="replay-version"
            value={version}
            disabled={versions.length === 0}
            onChange={setVersion}
            options={versions.map((one) => ({
              value: String(one.number),
              label: `${one.number}, published ${new Date(one.publishedAt).toLocaleString()}${one.isLive ? ' (live)' : ''}`,
            }))}
          />
        </Field>
        {refusal !== null && <ErrorNote title="It was not run." remedy={refusal} />}
      </div>
    </Dialog>
  )
}
