import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitName } from '../../src/reading/names.ts'

describe('a name in one box', () => {
  it.each<[string, string | null, string | null]>([
    ['Nora Falk', 'Nora', 'Falk'],
    ['Nora', 'Nora', null],
    ['Nora Jane Falk', 'Nora Jane', 'Falk'],
    ['Falk, Nora', 'Nora', 'Falk'],
    ['Falk,Nora', 'Nora', 'Falk'],
    ['Falk-Berg, Nora Jane', 'Nora Jane', 'Falk-Berg'],
    ['Falk, Nora Jr.', 'Nora', 'Falk Jr.'],
    ['Falk Jr., Nora', 'Nora', 'Falk Jr.'],
    ['Falk, Nora, Jr.', 'Nora', 'Falk Jr.'],
    ['Nora Falk Jr.', 'Nora', 'Falk Jr.'],
    ['Nora Falk, Jr.', 'Nora', 'Falk Jr.'],
    ['Nora Falk Sr', 'Nora', 'Falk Sr'],
    ['Nora Falk III', 'Nora', 'Falk III'],
    ['Nora Jane Falk V', 'Nora Jane', 'Falk V'],
    ['Nora Falk, Esq.', 'Nora', 'Falk'],
    ['Nora Falk Esq', 'Nora', 'Falk'],
    ['Nora Falk, M.D., Ph.D.', 'Nora', 'Falk'],
    ['Nora Falk MD', 'Nora', 'Falk'],
    ['Nora Falk Jr., MD', 'Nora', 'Falk Jr.'],
    ['Dr. Nora Falk', 'Nora', 'Falk'],
    ['Mrs Nora Falk', 'Nora', 'Falk'],
    ['Mr. Falk', null, 'Falk'],
    ['Sr. Juan Ortiz', 'Juan', 'Ortiz'],
    ['Nora Falk (Mrs)', 'Nora', 'Falk'],
    ['Nora Falk [she/her]', 'Nora', 'Falk'],
    ['Nora (Nonie) Falk', 'Nora', 'Falk'],
    ['Nora\u00a0Falk', 'Nora', 'Falk'],
    ['  Nora   Falk ', 'Nora', 'Falk'],
    ['Nora\tFalk,', 'Nora', 'Falk'],
    ['Willem van der Berg', 'Willem', 'van der Berg'],
    ['Mary Van Dyke', 'Mary', 'Van Dyke'],
    ['Ann Lee de la Cruz', 'Ann Lee', 'de la Cruz'],
    ['Ludwig von Bergen', 'Ludwig', 'von Bergen'],
    ['José Ortega y Gasset', 'José', 'Ortega y Gasset'],
    ['María de los Ángeles López', 'María de los Ángeles', 'López'],
    ['Van Morrow', 'Van', 'Morrow'],
    ['Omar bin Said', 'Omar', 'bin Said'],
    ["Siobhan O'Brien", 'Siobhan', "O'Brien"],
    ['NORA FALK', 'Nora', 'Falk'],
    ["SIOBHAN O'BRIEN", 'Siobhan', "O'Brien"],
    ['JOHN MCDONALD JR', 'John', 'McDonald Jr'],
    ['FALK,NORA', 'Nora', 'Falk'],
    ['ANN DE LA CRUZ', 'Ann', 'de la Cruz'],
    ['JT FALK', 'JT', 'Falk'],
    ['nora falk', 'Nora', 'Falk'],
    ['Nora falk', 'Nora', 'Falk'],
    ['ludwig van der berg', 'Ludwig', 'van der Berg'],
    ['ana ortega y gasset', 'Ana', 'Ortega y Gasset'],
    ['nora falk iii', 'Nora', 'Falk III'],
    ["Jeanne d'arc", 'Jeanne', "d'arc"],
    ['John and jane Falk', 'John and Jane', 'Falk'],
    ['нора фальк', 'Нора', 'Фальк'],
    ['John and Jane Falk', 'John and Jane', 'Falk'],
    ['张三', '三', '张'],
    ['張小明', '小明', '張'],
    ['欧阳娜娜', '娜娜', '欧阳'],
    ['山田太郎', '太郎', '山田'],
    ['山田 太郎', '太郎', '山田'],
    ['山田\u3000太郎', '太郎', '山田'],
    ['김민수', '민수', '김'],
    ['남궁민수', '민수', '남궁'],
    ['김 민수', '민수', '김'],
    ['Иван Петров', 'Иван', 'Петров'],
    ['Nguyễn An', 'Nguyễn', 'An'],
    ['Jean Do', 'Jean', 'Do'],
    ['Nora Sa', 'Nora', 'Sa'],
    ['Don Falk', 'Don', 'Falk'],
    ['Hon Lee', 'Hon', 'Lee'],
    ['Judge Falk', 'Judge', 'Falk'],
    ['Judge Nora Falk', 'Nora', 'Falk'],
    ['The Hon. Nora Falk', 'Nora', 'Falk'],
    ['Prof. Dr. med. Nora Falk', 'Nora', 'Falk'],
    ['Mr.Paul Falk', 'Paul', 'Falk'],
    ['M. Night Falk', 'M. Night', 'Falk'],
    ['Nora Falk, Owner', 'Nora', 'Falk'],
    ['Nora Falk, as Trustee', 'Nora', 'Falk'],
    ['Nora Falk, CPCU', 'Nora', 'Falk'],
    ['de la Cruz, ANA', 'ANA', 'de la Cruz'],
    ['Paul Falk the 3rd', 'Paul', 'Falk 3rd'],
    ['Ana Neto', 'Ana', 'Neto'],
    ['Gabriel García Márquez', 'Gabriel', 'García Márquez'],
    ['Ana García Falk', 'Ana García', 'Falk'],
    ['Ana María de la Cruz y Pérez', 'Ana María', 'de la Cruz y Pérez'],
    ['Juan de Dios Pérez', 'Juan de Dios', 'Pérez'],
    ['Omar Abdul Rahman', 'Omar', 'Abdul Rahman'],
    ['محمد بن سلمان', 'محمد', 'بن سلمان'],
    ['Nora Falk - 212-555-0141', 'Nora', 'Falk'],
    ['Nora Falk nora@mail.example', 'Nora', 'Falk'],
    ['Hi, I’m Nora Falk', 'Nora', 'Falk'],
    ['Me llamo Nora Falk', 'Nora', 'Falk'],
    ['Nora Falk née Berg', 'Nora', 'Falk'],
    ['Nora Falk on behalf of Ola Berg', 'Nora', 'Falk'],
    ['Ｎｏｒａ Ｆａｌｋ', 'Nora', 'Falk'],
    ['"Nonie" Nora Falk', 'Nora', 'Falk'],
    ['Nora Falk - Mother', 'Nora', 'Falk'],
    ['Nora Falk, tenant', 'Nora', 'Falk'],
    ['Nora Falk, mother of Tim', 'Nora', 'Falk'],
    ['Falk, Nora, Guardian', 'Nora', 'Falk'],
    ['Brown, Father Patrick', 'Father Patrick', 'Brown'],
    ['Kim, Son', 'Son', 'Kim'],
    ['Nora Falk she/her', 'Nora', 'Falk'],
    ['Nora Falk | they/them/theirs', 'Nora', 'Falk'],
    ['Pastor Nora Falk', 'Nora', 'Falk'],
    ['Maj. Gen. Nora Falk', 'Nora', 'Falk'],
    ['Bishop Falk', 'Bishop', 'Falk'],
    ['MINH DO', 'Minh', 'Do'],
    ['NORA FALK MD', 'Nora', 'Falk'],
    ['Seán Ó Briain', 'Seán', 'Ó Briain'],
    ['Juan dela Cruz', 'Juan', 'dela Cruz'],
    ['María del Carmen Hernández Ruiz', 'María del Carmen', 'Hernández Ruiz'],
    ['Роман Аркадьевич Абрамович', 'Роман Аркадьевич', 'Абрамович'],
  ])('%s', (full, first, last) => {
    expect(splitName(full)).toEqual({ first, last, company: null })
  })

  it.each([
    'Acorn Widgets, LLC',
    'Acorn Widgets LLC',
    'Acorn Widgets L.L.C.',
    'Acorn & Co.',
    'Acorn Widgets, Inc.',
    'Berg GmbH',
    'Falk Legal, P.C.',
    'Estate of Nora Falk',
    'Banco Norte, S.A.',
    'Acorn Limited',
    'Acorn S.A. de C.V.',
    'Acorn SA de CV',
    'Acorn S.L.',
    'Acorn AB',
    'Falk & Sons',
    'Falk Law Firm',
    'The Falk Law Group',
    'Nora’s Kitchen',
    'Nora Falk Trust',
    'University of Acorn',
    '株式会社ドングリ',
    '(주)도토리',
  ])('of %s is a company’s', full => {
    expect(splitName(full)).toEqual({ first: null, last: full, company: full })
  })

  it.each([
    ['Nora Falk | Acorn LLC', 'Acorn LLC'],
    ['Nora Falk - Acorn LLC', 'Acorn LLC'],
    ['Nora Falk on behalf of Acorn LLC', 'Acorn LLC'],
    ['Nora Falk d/b/a Acorn', 'Acorn'],
  ])('of %s stands beside a company', (full, company) => {
    expect(splitName(full)).toEqual({ first: 'Nora', last: 'Falk', company })
  })

  it('loses no letters of a name without titles, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Z][a-z]{5,9}$/), { minLength: 1, maxLength: 4 }), parts => {
        const { first, last } = splitName(parts.join(' '))
        expect([first, last].filter(Boolean).join(' ')).toBe(parts.join(' '))
      }),
    )
  })

  it('is read whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        splitName(text)
      }),
    )
  })
})
