// What a connector of one's own imports as `@hookline/sdk`. It is part of what is promised: widened, never changed.
import { z } from 'zod'

export type { AppAnswer, AppClient, AppRequest, FormPart } from '../connectors/app-request.ts'
export { type AppContext, type App as Connector, appAction as action, appPoll as poll, defineApp } from '../connectors/define-app.ts'
export { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
export type { Json, JsonObject } from '../domain/values/json.ts'
export { z }
