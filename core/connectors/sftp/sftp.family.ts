import { defineFamily } from '../family-list.ts'
import { sftpGet } from './get.action.ts'
import { sftpList } from './list.action.ts'
import { sftpPut } from './put.action.ts'

export const sftp = defineFamily('sftp', [sftpPut, sftpGet, sftpList])
