import type { Resources } from '../shapes/contract.ts'
import { dates, integers, numbers, since, stamps, times } from '../shapes/keys.ts'
import { contact, matter, medicalBill, medicalRecord } from '../shapes/shapes.ts'
import { recordsState } from '../shapes/words.ts'

/** Damages and treatment in personal-injury matters. */
export const medical = {
  damages: {
    read: { ...stamps, amount: 'number', damage_type: 'special|general|other', description: 'text', matter },
    list: since,
    create: {
      'amount!': 'number',
      'damage_type!': 'special|general|other',
      'description!': 'text',
      'matter_id!': 'integer',
    },
    update: 'create',
    createOnly: ['matter_id'],
    get: true,
    delete: true,
  },
  medical_records_details: {
    read: {
      ...stamps,
      ...times('bills_follow_up_date bills_request_date records_follow_up_date records_request_date'),
      ...times('treatment_end_date treatment_start_date'),
      bills_status: recordsState,
      description: 'text',
      in_treatment: 'boolean',
      records_status: recordsState,
      matter,
      medical_bills: [medicalBill],
      medical_provider: contact,
      medical_records: [medicalRecord],
    },
    list: { ...since, ...times('treatment_end_date treatment_start_date') },
    create: {
      ...integers('matter_id! medical_provider_id!'),
      ...times('bills_follow_up_date bills_request_date records_follow_up_date records_request_date'),
      ...times('treatment_end_date treatment_start_date'),
      'bills_status!': recordsState,
      description: 'text',
      'in_treatment!': 'boolean',
      'records_status!': recordsState,
      medical_bills: [
        {
          ...numbers('adjustment! amount! balance!'),
          ...dates('bill_date bill_received_date'),
          document_id: 'integer',
          'mark_balance_as_lien!': 'boolean',
          'name!': 'text',
          payers: [{ 'amount!': 'number', 'holder_id!': 'integer', 'mark_as_lien!': 'boolean' }],
        },
      ],
      medical_records: [{ ...times('end_date start_date'), 'document_id!': 'integer' }],
    },
    update: 'create',
    createOnly: ['matter_id'],
    addedOnly: ['medical_bills', 'medical_bills.payers', 'medical_records'],
    get: true,
    delete: true,
  },
  medical_records: {
    read: { ...medicalRecord, matter },
    update: times('end_date start_date'),
    delete: true,
  },
  medical_bills: {
    read: {
      ...medicalBill,
      liens: [
        {
          ...stamps,
          amount: 'number',
          description: 'text',
          lien_type: 'general|medical_payer|medical_provider',
          mark_as_lien: 'boolean',
        },
      ],
      matter,
    },
    update: {
      ...numbers('adjustment amount balance'),
      ...dates('bill_date bill_received_date'),
      mark_balance_as_lien: 'boolean',
      name: 'text',
      payers: [{ amount: 'number', holder_id: 'integer', mark_as_lien: 'boolean' }],
    },
    delete: true,
  },
} satisfies Resources
