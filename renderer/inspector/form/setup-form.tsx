import { memo, useMemo, useRef } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { type FormField, formFields, formItems, isShown } from '../../steps/form-fields.ts'
import { JsonView } from '../../ui/json/json-view.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { type OwnData, OwnDataContext } from '../data/samples.tsx'
import { isOfOperation, OperationFields } from '../operation/operation-fields.tsx'
import { PollNote } from '../poll-note.tsx'
import { StepSettingsForm } from '../step-settings-form.tsx'
import { SubscriptionNote } from '../subscription-note.tsx'
import { WebhookAddressNote } from '../webhook-address-note.tsx'
import { AdvancedSection } from './advanced-section.tsx'
import { ChoiceOfFields } from './choice-of-fields.tsx'
import { FieldControl } from './field-control.tsx'
import { StepFormContext } from './form-context.ts'
import { ProblemNote } from './problem-note.tsx'
import { problemBelowField } from './problem-words.ts'

/** The form of a step, made from its connector's schema. */
export const SetupForm = memo(function SetupForm({
  step,
  manifest,
}: {
  step: Step
  manifest: ConnectorManifest | undefined
}) {
  const problems = useDraft((state) => state.host.problems)
  const found = problems
    .filter((problem) => problem.step === step.id)
    .map((problem) => ({ ...problem, message: problemBelowField(problem, step, manifest) }))
  // The same list while it says the same: every field looks at it.
  const kept = useRef<readonly Problem[]>(found)
  if (JSON.stringify(kept.current) !== JSON.stringify(found)) kept.current = found
  const mine = kept.current
  const fields = useMemo(() => (manifest ? formFields(manifest.input) : []), [manifest])
  const isTrigger = manifest?.kind === 'trigger'
  const form = useMemo(() => ({ stepId: step.id, isTrigger, problems: mine }), [step.id, isTrigger, mine])
  // Field problems stand at their fields; the others (a missing connection) have no place but here.
  const general = mine.filter(
    ({ code, field }) => code !== 'unknown-connector' && (field === null || !/^(input|settings)\./.test(field)),
  )
  const shown = fields.filter((field) => isShown(field, fields, step.input))
  const stepField = (field: FormField) => (
    <StepField key={field.name} field={field} value={step.input[field.name]} own={ownData(field, manifest)} />
  )
  return (
    <StepFormContext value={form}>
      <div className="flex flex-col gap-4 px-4 py-4">
        {manifest && !isOfOperation(step) && <p className="text-ink-soft">{manifest.description}</p>}
        {!manifest && (
          <>
            <ErrorNote
              title={`This version has no connector "${step.uses}".`}
              remedy="Update Hookline, or replace the step."
            />
            <JsonView value={step.input} label="What it was given" />
          </>
        )}
        <WebhookAddressNote stepId={step.id} app={manifest?.app} />
        {manifest?.source === 'poll' && <PollNote stepId={step.id} />}
        {manifest?.source === 'connection' && <PollNote stepId={step.id} does="Listens" />}
        {manifest?.source === 'hook' && <SubscriptionNote stepId={step.id} />}
        {general.map((problem) => (
          <ProblemNote key={problem.message} problem={problem} />
        ))}
        {isOfOperation(step) && <OperationFields step={step} />}
        {formItems(shown.filter((field) => !field.advanced)).map((item) =>
          item.kind === 'field' ? (
            stepField(item.field)
          ) : (
            <ChoiceOfFields
              key={`${step.id} ${item.title}`}
              title={item.title}
              members={item.members}
              values={step.input}
              path={[]}
            >
              {stepField}
            </ChoiceOfFields>
          ),
        )}
        <AdvancedSection
          title="Advanced"
          forced={mine.some(
            (problem) =>
              problem.field?.startsWith('settings.') ||
              shown.some((field) => field.advanced && problem.field?.startsWith(`input.${field.name}`)),
          )}
        >
          {shown.filter((field) => field.advanced).map(stepField)}
          <StepSettingsForm step={step} isTrigger={isTrigger} />
        </AdvancedSection>
      </div>
    </StepFormContext>
  )
})

/** What a field may read of its own step. */
function ownData({ name }: FormField, manifest: ConnectorManifest | undefined): OwnData {
  if (manifest?.itemFields.includes(name)) return 'item'
  return name === manifest?.bodyField ? 'body' : 'none'
}

function StepField({ field, value, own }: { field: FormField; value: Json | undefined; own: OwnData }) {
  return (
    <OwnDataContext value={own}>
      <FieldControl field={field} path={[field.name]} value={value} />
    </OwnDataContext>
  )
}
