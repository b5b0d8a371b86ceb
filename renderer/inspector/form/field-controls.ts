import type { ComponentType } from 'react'
import type { Control } from '../../steps/form-fields.ts'
import { BodyControl } from '../body/body-control.tsx'
import { ChoicesControl } from '../fields/choices-control.tsx'
import { CodeControl } from '../fields/code-control.tsx'
import { ConditionGroupControl, ConditionsControl } from '../fields/conditions-control.tsx'
import { CredentialControl } from '../fields/credential-control.tsx'
import { CredentialsControl } from '../fields/credentials-control.tsx'
import { CronControl } from '../fields/cron-control.tsx'
import { DurationControl } from '../fields/duration-control.tsx'
import { FormFieldsControl } from '../fields/form-fields-control.tsx'
import { IntervalControl } from '../fields/interval-control.tsx'
import { ItemFieldControl } from '../fields/item-field-control.tsx'
import { KeyValueControl } from '../fields/key-value-control.tsx'
import { NumberControl } from '../fields/number-control.tsx'
import { PathControl } from '../fields/path-control.tsx'
import { PathsControl } from '../fields/paths-control.tsx'
import { PlainControl } from '../fields/plain-control.tsx'
import { SelectControl, SwitchControl } from '../fields/select-control.tsx'
import { ServiceChoiceControl } from '../fields/service-choice-control.tsx'
import { TableColumnControl, TableControl } from '../fields/table-control.tsx'
import { TemplateControl } from '../fields/template-control.tsx'
import { TemplatesControl } from '../fields/templates-control.tsx'
import { TextListControl } from '../fields/text-list-control.tsx'
import { ZapControl, ZapsControl } from '../fields/zap-control.tsx'
import type { ControlProps } from './form-context.ts'

/** How a kind of field is edited. */
export type FieldEditor = {
  readonly Control: ComponentType<ControlProps>
  /** Shows what is wrong inside, at the very place; the field around it then does not. */
  readonly saysProblemsInside?: true
  /** Small enough to stand at the right of its label. */
  readonly isBesideLabel?: true
}

/** The control of each kind of field: a new kind is one entry here. Groups and rows are none of them: they hold fields, each with its own. */
export const FIELD_CONTROLS: Readonly<Record<Exclude<Control, 'group' | 'rows' | 'named-rows'>, FieldEditor>> = {
  template: { Control: TemplateControl },
  'template-long': { Control: TemplateControl },
  json: { Control: BodyControl },
  body: { Control: BodyControl },
  code: { Control: CodeControl },
  text: { Control: PlainControl },
  'time-zone': { Control: PlainControl },
  'text-list': { Control: TextListControl },
  'item-field': { Control: ItemFieldControl },
  table: { Control: TableControl },
  'table-column': { Control: TableColumnControl },
  templates: { Control: TemplatesControl, saysProblemsInside: true },
  number: { Control: NumberControl },
  switch: { Control: SwitchControl, isBesideLabel: true },
  select: { Control: SelectControl },
  choices: { Control: ChoicesControl },
  conditions: { Control: ConditionsControl, saysProblemsInside: true },
  'condition-group': { Control: ConditionGroupControl, saysProblemsInside: true },
  paths: { Control: PathsControl, saysProblemsInside: true },
  'key-value': { Control: KeyValueControl, saysProblemsInside: true },
  cron: { Control: CronControl },
  duration: { Control: DurationControl },
  interval: { Control: IntervalControl },
  'file-path': { Control: PathControl },
  'folder-path': { Control: PathControl },
  'form-fields': { Control: FormFieldsControl, saysProblemsInside: true },
  'service-choice': { Control: ServiceChoiceControl },
  credential: { Control: CredentialControl },
  credentials: { Control: CredentialsControl },
  zap: { Control: ZapControl },
  zaps: { Control: ZapsControl },
}
