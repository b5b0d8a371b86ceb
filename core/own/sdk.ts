// What a connector of one's own imports as `@hookline/sdk`. It is part of what is promised: widened, never changed.
import { z } from 'zod'
import { jsonSchema } from '../domain/values/json.ts'

export type { App as Connector } from '../connectors/app-parts.ts'
export type { AppAnswer, AppClient, AppRequest, FormPart } from '../connectors/app-request.ts'
export { appPoll as poll } from '../connectors/app-triggers.ts'
export { type AppContext, appAction as action, defineApp } from '../connectors/define-app.ts'
export { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
export type { Json, JsonObject } from '../domain/values/json.ts'
/** The schema of a field that takes a file, or anything else that is JSON: a copy of a file would be none, so `z.json()` will not do. */
export const anyValue = (): typeof jsonSchema => jsonSchema

export { z }
