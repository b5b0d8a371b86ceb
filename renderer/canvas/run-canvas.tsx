import { useMemo } from 'react'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { mergedRounds } from '../steps/round-counts.ts'
import type { ShownStepRun } from '../steps/shown-step-run.ts'
import type { Overlay } from './flow-graph.ts'
import { StillCanvas } from './still-canvas.tsx'

/** A run on the canvas of its own version: what each step did, and which ways were taken. */
export function RunCanvas({
  steps,
  ...rest
}: {
  zap: ZapFile
  steps: readonly ShownStepRun[]
  selected: string | null
  onSelect(stepId: string | null): void
}) {
  const overlay = useMemo(
    (): Overlay => ({ problems: [], webhooks: [], runs: mergedRounds(steps), live: false }),
    [steps],
  )
  return <StillCanvas {...rest} overlay={overlay} label="Steps of the run" />
}
