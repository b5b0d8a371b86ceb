import { checkedFamily } from '../family-list.ts'
import { mqttMessage } from './message.trigger.ts'
import { mqttAccount } from './mqtt-account.ts'
import { mqttPublish } from './publish.action.ts'

export const mqtt = checkedFamily({ id: 'mqtt', connectors: [mqttMessage, mqttPublish], credentials: [mqttAccount] })
