import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { openedSchema, shellStateSchema, THEMES } from '../../domain/host/shell.ts'
import { sectionSchema } from '../../domain/settings/settings.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { stepSchema } from '../../domain/zap/zap-file.ts'
import { backupFileSchema, backupsSchema } from '../backup-values.ts'
import { codeProblemSchema, codeSchema, connectorManifestSchema, fieldOptionsSchema } from '../connector-manifest.ts'
import { allowedFolderSchema, folderPageSchema, folderQuerySchema, folderReachSchema } from '../files.ts'
import { ownConnectorsSchema, ownFileSchema } from '../own-values.ts'
import { freshAddressSchema, sessionSchema } from '../session-values.ts'
import {
  appEventSchema,
  credentialHostsSchema,
  credentialNameSchema,
  credentialSummarySchema,
  credentialTestSchema,
  credentialTypeInfoSchema,
  credentialTypeSchema,
  historyJobSchema,
  historySchema,
  oldHistorySchema,
  settingSchema,
  signInSchema,
  statusSchema,
  systemInfoSchema,
} from '../values.ts'
import { byId, done, procedure } from './procedure.ts'

/** What may be asked of the host itself. */
export const houseContract = {
  system: {
    info: procedure.output(systemInfoSchema),
    status: procedure.output(statusSchema),
    /** Stops or restarts the intake and the starting of runs; webhooks are answered 503 meanwhile. Survives restarts. */
    setPaused: procedure.input(z.object({ paused: z.boolean() })).output(statusSchema),
    /** The newest lines of the log, the last one last. */
    log: procedure.output(z.object({ lines: z.array(z.string()), folder: z.string() })),
    /** Writes a checked copy of the database to `file`, an absolute path that must not exist. */
    backup: procedure.input(z.object({ file: z.string() })).output(z.object({ file: z.string(), bytes: z.int() })),
  },
  /**
   * A stream that begins with the present status and then tells of every change, for as long as it is read. A `screen` also gets the
   * notices for a person who may look at it.
   */
  events: {
    watch: procedure
      .input(z.object({ screen: z.boolean().default(false) }).default({ screen: false }))
      .output(eventIterator(appEventSchema)),
  },
  connectors: {
    list: procedure.output(z.array(connectorManifestSchema)),
    /** The files of connectors of a person's own, in `<data>/connectors`, also those that are not approved. */
    own: procedure.output(ownConnectorsSchema),
    /** Reads a file of connectors and takes what is in it. CONFLICT says what is wrong with it, as a file or with this Hookline. */
    approveOwn: procedure.input(z.object({ file: z.string().max(100) })).output(ownFileSchema),
    /** Makes a connector of a person's own of a step of code. Its file is off until it is approved. CONFLICT says why it cannot be made. */
    writeOwn: procedure
      .input(
        z.object({
          id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, {
            error: 'An id has small letters, digits and "-", such as "invoice-sum".',
          }),
          title: z.string().trim().min(1).max(100),
          description: z.string().max(500).default(''),
          /** Names of the values that the code gets. */
          fields: z.array(z.string().min(1).max(100)).max(50),
          code: z.string().min(1).max(500_000),
        }),
      )
      .output(ownFileSchema),
    /** Takes the connectors of a file away again; steps of zaps that use them keep their place. */
    turnOffOwn: procedure.input(z.object({ file: z.string().max(100) })).output(done),
    /**
     * What a field of a step may hold, as its service lists it: the service is called as the step may. `step` is as it stands in the draft of
     * the zap `id`, or will. NOT_FOUND when there is no such zap, or the field has no such list.
     */
    options: procedure
      .input(
        z.object({
          id: z.string(),
          step: stepSchema,
          field: z.string().max(200),
          search: z.string().max(500).default(''),
          cursor: z.string().max(10_000).nullable().default(null),
        }),
      )
      .output(fieldOptionsSchema),
  },
  /** Looks for mistakes in code, without running it. Lines and columns begin at 1. */
  code: { check: procedure.input(codeSchema).output(z.array(codeProblemSchema)) },
  history: {
    get: procedure.output(historySchema),
    /** From now on runs are kept for so long; what is older goes within the hour. */
    setSettings: procedure.input(sectionSchema('history')).output(sectionSchema('history')),
    /** How many runs `prune` would delete. */
    count: procedure.input(oldHistorySchema).output(z.object({ runs: z.int() })),
    /**
     * Begins to delete old runs with what is only theirs, in small parts. Progress comes as `history` events. What is not finished stays,
     * with what it needs, and dead letters that were neither replayed nor dismissed. CONFLICT while another job is under way.
     */
    prune: procedure.input(oldHistorySchema).output(historyJobSchema),
    /** Begins to give unused space of the database back to the disk, in small parts. CONFLICT while another job is under way. */
    shrink: procedure.output(historyJobSchema),
    /** Ends the job under way after the part that it has in hand. CONFLICT when there is none. */
    stop: procedure.output(historyJobSchema),
  },
  backups: {
    list: procedure.output(backupsSchema),
    /** Makes one now, beside those that are made by themselves. CONFLICT when that failed, with the reason. */
    make: procedure.output(backupFileSchema),
    /** CONFLICT when the folder is not fit. Those in the folder before stay there. */
    configure: procedure.input(sectionSchema('backups')).output(backupsSchema),
  },
  /** The desktop app around its screens. CONFLICT on a host without one, or with why something could not be done. */
  shell: {
    /** Null on a host without a window of its own. */
    state: procedure.output(shellStateSchema.nullable()),
    /** What was opened with the app since this was asked last; none of it has been done. */
    takeOpened: procedure.output(z.array(openedSchema)),
    setCommandLine: procedure.input(z.object({ isWanted: z.boolean() })).output(done),
    checkForUpdates: procedure.output(done),
    installUpdate: procedure.output(done),
    /** The licences of everything that comes with the app; null where there is no file of them. */
    notices: procedure.output(z.string().nullable()),
    showLog: procedure.output(done),
    leaveQuickRun: procedure.input(z.object({ path: z.string().max(500).nullable() })).output(done),
    setTheme: procedure.input(z.object({ theme: z.enum(THEMES) })).output(done),
  },
  settings: {
    /** Every setting with its value, section by section. */
    list: procedure.output(z.array(settingSchema)),
    /** Changes one. CONFLICT when there is no such setting, or when the value does not fit, with the reason. */
    set: procedure.input(z.object({ key: z.string().max(200), value: jsonSchema })).output(settingSchema),
  },
  credentials: {
    list: procedure.output(z.array(credentialSummarySchema)),
    /** The types of credential that there are, in the order of a form. */
    types: procedure.output(z.array(credentialTypeInfoSchema)),
    /**
     * Creates or replaces. `secret` is the token; for `basic` it is `user:password`, for `header` it is `Name: value`, for a type of several
     * fields it is their JSON. CONFLICT when there is no such type, or when the secret does not fit it.
     */
    set: procedure
      .input(
        z.object({
          name: credentialNameSchema,
          type: credentialTypeSchema.default('secret'),
          secret: z.string().min(1).max(100_000),
          /** The hosts to which it may go; null for all. As they were, when absent. */
          hosts: credentialHostsSchema.optional(),
        }),
      )
      .output(credentialSummarySchema),
    /**
     * Makes a credential for another account at the service of one: with its client id and what else a person entered, without its sign-in.
     * CONFLICT when there is one of that name, or when that is not one a person signs in with.
     */
    addAccount: procedure
      .input(z.object({ name: credentialNameSchema, of: z.string().max(100) }))
      .output(credentialSummarySchema),
    /** Changes what a person calls a credential; null for its name again. Zaps go on to refer to it by its name. */
    rename: procedure
      .input(z.object({ name: z.string(), title: z.string().trim().min(1).max(100).nullable() }))
      .output(credentialSummarySchema),
    /** Changes the hosts to which a credential may go, and not its secret. */
    setHosts: procedure
      .input(z.object({ name: z.string(), hosts: credentialHostsSchema }))
      .output(credentialSummarySchema),
    /**
     * Asks the service whether it takes a credential. One that is for no service in particular is sent to `url` with a GET, where one is
     * named. What is wrong is an answer, no error; NOT_FOUND when there is no such credential.
     */
    test: procedure
      .input(
        z.object({
          name: z.string(),
          url: z
            .url({ protocol: /^https?$/ })
            .max(2_000)
            .optional(),
        }),
      )
      .output(credentialTestSchema),
    remove: procedure.input(z.object({ name: z.string() })).output(done),
    signIn: {
      /**
       * Begins to sign a person in with a credential of OAuth, whose client id is stored, in place of a sign-in under way for it. `origin`: where
       * the screens are, if the browser is to come back there; else a listener on the host's computer waits for it. CONFLICT when it cannot be
       * begun, with the reason.
       */
      begin: procedure
        .input(
          z.object({
            name: z.string(),
            by: z.enum(['browser', 'device']).default('browser'),
            origin: z.string().max(300).nullable().default(null),
          }),
        )
        .output(signInSchema),
      /** How far one is: at its end, or after `waitMs`. NOT_FOUND when there is none. */
      get: procedure.input(byId.extend({ waitMs: z.int().min(0).max(25_000).default(0) })).output(signInSchema),
      /** Takes the address that a browser ended at, where it could not come back by itself. CONFLICT when that is not one. */
      paste: procedure.input(byId.extend({ address: z.string().max(20_000) })).output(signInSchema),
      cancel: procedure.input(byId).output(done),
    },
  },
  sessions: {
    /** The browsers that may control this host, the last seen first. None where the screens are the host's own window. */
    list: procedure.output(z.array(sessionSchema)),
    /** Cuts its screens off; only a fresh address opens them again in that browser. */
    end: procedure.input(byId).output(done),
    /** CONFLICT where the screens are the host's own window. */
    openAddress: procedure.output(freshAddressSchema),
    /** Ends all sessions and voids all addresses that were not opened yet; says how many. The host's own key becomes another. */
    rotate: procedure.output(z.object({ sessions: z.int(), addresses: z.int() })),
  },
  files: {
    /** A page of what a folder of the host's computer holds, folders first, each by name. Never what is in a file. */
    list: procedure.input(folderQuerySchema).output(folderPageSchema),
    /** Makes one folder in another. CONFLICT when something has its name already. */
    makeFolder: procedure
      .input(z.object({ folder: z.string(), name: z.string().min(1).max(255), reach: folderReachSchema }))
      .output(z.object({ path: z.string() })),
    /** The folders that steps may use. */
    allowed: procedure.output(z.array(allowedFolderSchema)),
    /** Lets steps use a folder and all that is in it, from now on. RISKY_FOLDER for one that opens more than files, unless `sure`. */
    allow: procedure
      .input(z.object({ path: z.string(), sure: z.boolean().default(false) }))
      .output(z.array(allowedFolderSchema)),
    /** Takes that back. CONFLICT for a folder that the settings did not allow. */
    disallow: procedure.input(z.object({ path: z.string() })).output(z.array(allowedFolderSchema)),
  },
}
