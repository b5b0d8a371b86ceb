import { FileSearch } from 'lucide-react'
import { useLocation } from 'wouter'
import { api } from '../api/client.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { reloadZaps } from '../queries/zaps.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { nextReview, useReviews } from './review-store.ts'
import { ZapReview } from './zap-review.tsx'

/** What was picked or pasted, before anything of it is stored: one zap after the other. */
export function ImportReviewPage() {
  const [, navigate] = useLocation()
  const { waiting, total } = useReviews()
  const [current] = waiting
  if (current === undefined) {
    return (
      <Page title="Review before it is added">
        <EmptyState
          icon={FileSearch}
          title="There is nothing to review"
          action={<Button onClick={() => navigate('/zaps')}>Show all zaps</Button>}
        >
          Zaps that you import or paste are shown here first: what they may do, and what is in them.
        </EmptyState>
      </Page>
    )
  }
  const at = total - waiting.length + 1
  const goOn = (): void => {
    if (!nextReview()) navigate('/zaps')
  }
  return (
    <ZapReview
      key={at}
      preview={current}
      title="Review before it is added"
      source={total > 1 ? `${current.file}, ${at} of ${total}` : current.file}
      promise="Nothing is stored yet. It is added switched off."
      refuse="Do not add"
      approve="Approve and add"
      onRefuse={goOn}
      onApprove={async (content, denied) => {
        const { zaps } = await api.zaps.import({
          files: [{ file: current.file, content, approval: { denied: [...denied] } }],
        })
        const [added] = zaps
        if (added?.id == null) throw new Error(added?.problems[0]?.message ?? 'The zap was refused.')
        const { id } = added
        await reloadZaps()
        toast({
          title: `Added "${added.name}" as a draft`,
          tone: 'success',
          action: { label: 'Open', onClick: () => navigate(`/zaps/${id}`) },
        })
        goOn()
      }}
    />
  )
}

/** A stored zap that waits for its review, as one that the command line imported. */
export function StoredReviewPage({ zapId }: { zapId: string }) {
  const [, navigate] = useLocation()
  const { data: zap, failure: noZap } = useAnswer(queries.zaps.get.queryOptions({ input: { id: zapId } }))
  const asked = useAnswer(queries.zaps.permissions.queryOptions({ input: { id: zapId } }))
  const failure = noZap ?? asked.failure
  const permissions = asked.data

  if (zap === null || permissions === null || zap.review === 'done') {
    return (
      <Page title="Review">
        {failure !== null && <ErrorNote title={failure.message} details={failure.details} />}
        {(zap === null || permissions === null) && failure === null && <Spinner label="Reading the zap…" />}
        {zap?.review === 'done' && (
          <EmptyState
            icon={FileSearch}
            title={`"${zap.name}" was reviewed`}
            action={<Button onClick={() => navigate(`/zaps/${zapId}`)}>Open it</Button>}
          >
            What it may do stands beside its canvas.
          </EmptyState>
        )}
      </Page>
    )
  }
  const { name, draft, problems } = zap
  return (
    <ZapReview
      preview={{ file: name, name, zap: draft, problems, permissions }}
      title="Review before it can run"
      source={zap.name}
      promise="It came from elsewhere, and is off until you approve what it may do."
      refuse="Not now"
      approve="Approve"
      onRefuse={() => navigate('/zaps')}
      onApprove={async (content, denied) => {
        const isChanged = JSON.stringify(content) !== JSON.stringify(zap.draft)
        if (isChanged) await api.zaps.saveDraft({ id: zapId, baseRevision: zap.draftRevision, draft: content })
        await api.zaps.approve({ id: zapId, denied: [...denied] })
        await reloadZaps()
        toast({ title: `"${zap.name}" may run now`, detail: 'It is still switched off.', tone: 'success' })
        navigate(`/zaps/${zapId}`)
      }}
    />
  )
}
