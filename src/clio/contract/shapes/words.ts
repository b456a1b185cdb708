/** Enums that occur in several places. */

export const practice = [
  'administrative|admiralty_and_maritime|anti_trust_and_competition|appellate|banking_and_finance',
  'bankruptcy|business_formation_and_compliance|civil_litigation|civil_rights_and_constitutional',
  'collections_and_debt|commercial_and_sale_of_goods|commercial_litigation|construction',
  'consumer_protection|contracts|corporate_litigation|criminal|disability_and_social_security|education',
  'elder|employment_and_labor|energy_and_environmental|ethics|family|food_and_drug|general_practice',
  'government|healthcare|immigration|in_house_counsel|insurance|intellectual_property|international',
  'juvenile|legal_aid|mediation_and_arbitration|medical_malpractice|military|multi_practice',
  'non_profit_and_pro_bono|other|personal_injury|privacy_and_information_security|private_client',
  'product_liability|real_estate|science_and_technology|securities_and_mergers_and_acquisitions',
  'small_claims|sports_and_entertainment_and_gaming|tax|telecommunications|traffic_offenses',
  'transportation|tribal|trusts|wills_and_estates|workers_compensation',
].join('|')

export const colour = [
  '#367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81',
  '#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5',
].join('|')

export const lightColour = [
  '#5DA5C7|#F95957|#209412|#FF7715|#DE649D|#FF6B02|#56C4FC|#00B177|#50D19B|#F14A8C|#A3A2A2|#84AB3B',
  '#B091EE|#BD9E69|#F2A000|#00A5CA|#CB5A3D|#959CD0|#B0B0B0|#7BA6CD',
].join('|')

export const taskColour = [
  '#658CDA|#DA6666|#49B050|#E7804C|#8C66DA|#C4A882|#64AD88|#84AAA5|#56BFB3|#E77399|#BFBF4B|#8BBF3C',
  '#B473B4|#A7A77D|#F2A53D|#658CB3|#BE9494|#A992A9|#8897A5|#93A2BE',
].join('|')

export const report = [
  'accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate',
  'client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger',
  'clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction',
  'contact_information|disbursement_payment|fee_allocation|general_ledger|grant_matters',
  'invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar',
  'law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary',
  'matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue',
  'other_revenue|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user',
  'task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress',
].join('|')

export const entry = 'TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry'

export const taxSetting = 'no_tax|tax_1_only|tax_2_only|tax_1_and_tax_2'

export const fieldType = 'checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url'

export const billState = 'draft|awaiting_approval|awaiting_payment|paid|void|deleted'

export const billStep = 'awaiting_approval|awaiting_payment|paid|void|deleted'

export const taskStatus = 'pending|in_progress|in_review|complete'

export const reminderState = [
  'initializing|scheduling|rescheduling|scheduled|attempting_delivery|delivery_failed|delivered',
  'delivery_skipped|invalid_user',
].join('|')

export const recordsState = 'not_yet_requested|requested|received|incomplete|certified'

export const webhookModel = [
  'activity|bill|calendar_entry|clio_payments_payment|communication|contact|document|folder|matter|task',
].join('|')

export const offsetUnit = 'CalendarDays|CalendarWeeks|CalendarMonths|CalendarYears|BusinessDays'

export const paymentState = [
  'pending|authorized|completed|voided|failed|canceled|requires_confirmation',
  'completed_requiring_allocation',
].join('|')

export const reportCategory = 'billing|client|compliance|financial|matter|online_payments|productivity|revenue|task'

export const webSiteName = 'Work|Personal|Twitter|Facebook|LinkedIn|Instant Messenger|Other'

export const phoneName = 'Work|Home|Mobile|Fax|Pager|Skype|Other'

export const addressName = 'Work|Home|Billing|Other'
