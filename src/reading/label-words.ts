/**
 * How forms ask for the usual things, language by language, without accents and in small letters. A label is one of these once the words
 * that may stand around it are gone. Data: add what no other line says without those words.
 */

export type Role = 'first_name' | 'last_name' | 'full_name' | 'email' | 'phone' | 'company' | 'message'

/** Surest first: of two labels for one thing, the one further ahead in its list of lines counts. */
export const asked: Readonly<Record<Role, string>> = {
  first_name: `
    first name, fname, given name, forename, first, christian name, first names, given names, name first, name given
    primer nombre, nombre de pila, nombres, nombre nombre
    prenom, prenoms
    vorname, vornamen, rufname
    primeiro nome
    nome di battesimo
    voornaam, roepnaam
    imie
    имя, имя имя
    名, 名字 名, 名前 名, 이름 이름
    ten, ten rieng
    الاسم الاول, اسم الشخص
    premye non, prenon
    unang pangalan
    ad, adiniz, isim
    fornavn, fornamn, etunimi
    प्रथम नाम, पहला नाम
  `,
  last_name: `
    last name, lname, surname, family name, last, second name, name last, name family
    apellido, apellidos, primer apellido, apellido paterno, apellido apellido
    nom de famille
    nachname, familienname, zuname
    sobrenome, apelido, ultimo nome
    cognome
    achternaam, familienaam
    nazwisko
    фамилия
    姓, 姓氏, 名前 姓, 성, 성씨
    ho, ho va ten dem
    اسم العائلة, اللقب, الكنية
    siyati, non fanmi
    apelyido
    soyad, soyadi, soyadiniz, soyisim
    efternavn, efternamn, etternavn, sukunimi
    अंतिम नाम, उपनाम, कुल नाम
  `,
  full_name: `
    name, full name, names, first and last name, first name last name, first last, name first and last
    last name first name, last first, nachname vorname, apellido y nombre, apellidos y nombres, apellidos nombres
    nombre, nombre completo, nombre y apellido, nombre y apellidos, nombre apellido, nombres y apellidos, nombre apellidos
    nom, nom complet, nom et prenom, prenom et nom, noms
    vollstandiger name, ganzer name, vor und nachname, vor und zuname, vorname und nachname, vorname nachname, name vorname
    nome, nome completo, nome e sobrenome, nome e cognome, cognome e nome, nome e apelido, nominativo
    naam, volledige naam, voor en achternaam, voornaam en achternaam
    imie i nazwisko
    фио, полное имя, имя и фамилия, имя фамилия, фамилия имя, фамилия и имя, фамилия имя отчество
    姓名, 名字, 全名, 称呼, 稱呼, 名前, 氏名, フルネーム, 이름, 성함, 성명
    ho ten, ho va ten, ten day du
    الاسم, الاسم الكامل, الاسم بالكامل, اسم كامل, الاسم واللقب, الاسم الثلاثي
    non, non konple, non ak siyati
    pangalan, buong pangalan
    ad soyad, adi soyadi, adiniz soyadiniz, isim soyisim, ad ve soyad
    navn, fulde navn, fullt navn, namn, fullstandigt namn, for och efternamn, nimi
    नाम, पूरा नाम
    ονομα, ονοματεπωνυμο
  `,
  email: `
    email, e mail, email address, e mail address, address email, email id, e mail id, email adress, email addresses, emails
    correo, correo electronico, direccion de correo, direccion de correo electronico, direccion email, direccion de e mail, email correo electronico, correo email
    courriel, adresse email, adresse e mail, adresse courriel, adresse electronique, courrier electronique, mel
    emailadresse, mailadresse, elektronische post
    endereco de email, endereco de e mail, endereco eletronico, correio eletronico
    indirizzo email, indirizzo e mail, indirizzo di posta elettronica, posta elettronica, indirizzo di posta
    emailadres, e mailadres
    adres email, adres e mail, poczta elektroniczna, poczta
    электронная почта, адрес электронной почты, электронный адрес, эл почта, почта, имеил, емеил, e mail адрес, эл адрес
    邮箱, 电子邮箱, 电子邮件, 电邮, 邮箱地址, 电子邮件地址, 電子郵件, 電郵, 電子信箱, 郵箱, 電子郵件地址, 电子邮箱地址, 信箱, 邮件地址
    メール, メールアドレス, eメール, eメールアドレス, 電子メール, 電子メールアドレス
    이메일, 이메일주소, 메일, 메일주소, 전자우편, 전자메일, e메일, 이메일계정
    thu dien tu, dia chi email, dia chi thu dien tu, dia chi e mail, hop thu
    البريد الالكتروني, بريد الكتروني, البريد, عنوان البريد الالكتروني, الايميل, ايميل
    imel, adres imel, adres elektwonik
    e posta, e posta adresi, email adresi, mail adresi
    epost, e post, epostadresse, epostadress, e postadress, e postadresse, mejl, mailadress, mejladress
    sahkoposti, sahkopostiosoite
    ईमेल, ईमेल पता
    ηλεκτρονικο ταχυδρομειο
    email ad, email addr, e mail addr
  `,
  phone: `
    phone, phones, phone numbers, telephone, tel, mobile, cell, cellphone, mobile phone, mobile telephone, phonenumber, telephonenumber, mobilenumber, cellphonenumber, cellnumber, ph, fone, contact no, contactnumber, whatsapp, phone whatsapp, whats app, whats app number, telephone mobile, cellular, cellular phone, smartphone, handphone, hp
    mobile phone number, contact number, tel number, number phone, callback number, reachable number, sms number
    phone nr, tel nr
    telefono, celular, movil, telefono movil, telefono celular, numero de telefono, numero de celular, numero de movil, numero telefonico, numero de contacto, numero de telefono celular, numero de telefono movil, tfno, telf, tlf
    portable, telephone portable, numero de telephone, numero de portable, numero de mobile, numero de telephone portable, tel portable, n de telephone, cellulaire, numero de cellulaire, telephone cellulaire
    telefon, telefonnummer, handy, handynummer, mobilnummer, mobil, mobiltelefon, rufnummer, mobilfunknummer, telefonnr, festnetz, telefonische erreichbarkeit
    telefone, telemovel, numero de telefone, numero de telemovel, telefone celular
    cellulare, numero di telefono, numero di cellulare, recapito telefonico, numero cellulare, telefono cellulare, recapito
    telefoon, telefoonnummer, mobiel, mobiele nummer, mobiel nummer, gsm, gsm nummer, mobiele telefoon
    numer telefonu, nr telefonu, komorka, telefon komorkowy, numer komorkowy, numer komorki, nr tel, telefon kontaktowy
    телефон, номер телефона, мобильныи телефон, мобильныи, сотовыи, сотовыи телефон, телефон для связи, контактныи телефон, номер мобильного, номер, номер мобильного телефона, тел, моб телефон
    电话, 手机, 手机号, 手机号码, 电话号码, 联系电话, 联系方式 电话, 移动电话, 電話, 手機, 手機號碼, 電話號碼, 聯絡電話, 行動電話, 电话手机, 联络电话, 手提電話, 聯繫電話, 手机电话, 连络电话
    電話番号, 携帯電話, 携帯番号, 携帯電話番号, 連絡先電話番号, 携帯, 電話連絡先, 連絡先
    전화, 전화번호, 휴대폰, 휴대전화, 휴대폰번호, 휴대전화번호, 연락처, 핸드폰, 핸드폰번호, 연락가능번호, 연락번호, 모바일
    so dien thoai, sdt, so dt, dien thoai di dong, so di dong
    الهاتف, رقم الهاتف, الجوال, رقم الجوال, الموبايل, رقم الموبايل, هاتف, جوال, موبايل, رقم التليفون, التليفون, رقم التواصل, الهاتف المحمول, رقم الهاتف المحمول, رقم هاتف
    nimewo telefon, nimewo, tel fon
    telepono, numero ng telepono, selpon, numero ng selpon, cp number, numero ng cellphone
    telefon numarasi, telefon numaraniz, telefonunuz, cep telefonu, cep telefonu numarasi, cep
    mobiltelefonnummer, tlf nr, mobilnr
    puhelin, puhelinnumero, matkapuhelin
    फोन, मोबाइल, फोन नंबर, मोबाइल नंबर, दूरभाष, सम्पर्क नंबर
    τηλεφωνο, κινητο
  `,
  company: `
    company, company name, organization, organisation, organization name, organisation name, business, business name, firm name, name of company, name of organization, name of business, employer company, company organization
    empresa, nombre de la empresa, compania, razon social, nome da empresa
    entreprise, societe, nom de l entreprise, nom de la societe, raison sociale
    firma, firmenname, unternehmen
    azienda, nome azienda, ragione sociale
    bedrijf, bedrijfsnaam
    nazwa firmy
    компания, название компании, организация
    公司, 公司名称, 公司名稱, 会社名, 会社, 御社名, 貴社名, 회사, 회사명
    cong ty, ten cong ty
    الشركة, اسم الشركة
    sirket, sirket adi
    foretag, virksomhed, firmanavn, yritys
  `,
  message: `
    message, messages, comments, comment, comments or questions, comment or message, comments message, message comments, textarea, msg, questions or comments, other comments questions, other questions, message body, remarks, leave message, send us message
    description, details, case details, case description, matter description, matter details, short description, description of case, description of matter, description of legal issue, description of problem, description of situation, details of case, details of matter, details of enquiry, details of inquiry, incident description, inquiry details, enquiry details, issue description, case summary, summary of case, case information, information about case, legal issue details, project details
    inquiry, enquiry, question, questions, request, reason for contact, reason for contacting, reason for inquiry, reason for enquiry, reason for reaching out, nature of inquiry, nature of enquiry, nature of legal matter, nature of legal issue
    how help, how assist, how be of help, how be of assistance, what do need help with, how may be of service, how serve
    tell about case, tell about situation, tell about matter, tell about legal issue, tell about problem, tell more, tell what happened, tell more about case, tell more about situation, tell more about matter, tell more about legal issue, tell little about case, tell little about situation, tell bit about case, tell about yourself and case, tell about legal needs, tell about inquiry, tell what is happening, tell what going on
    describe case, describe situation, describe matter, describe issue, describe problem, describe what happened, describe inquiry, describe legal needs, describe nature of case, describe how help, describe incident, describe request, describe details, describe facts, describe facts of case, describe facts of matter, describe reason, describe concern, describe concerns, describe reason for contacting, describe nature of legal issue, describe nature of legal matter, describe accident
    why need, why need lawyer, why need attorney, why contacting, why reaching out, explain situation, explain case, explain matter, explain legal issue, explain what happened, explain problem, summary, additional information, additional details, additional comments, additional notes, further information, further details, notes, note, more details, more information, anything else, anything else like to add, other comments, other information, situation, what brings here, what on mind, what like to discuss, what discuss, briefly describe, what legal issue, facts of case, facts
    mensaje, comentario, comentarios, consulta, descripcion, descripcion del caso, describa caso, describa situacion, describa problema, cuentenos caso, cuentenos sobre caso, cuentenos, cuentanos caso, cuentanos, cuentanos sobre caso, en que podemos ayudarle, en que podemos ayudarlo, en que podemos ayudarte, como podemos ayudarle, como podemos ayudarlo, como podemos ayudarte, como podemos ayudar, motivo de consulta, motivo del contacto, detalles, detalles del caso, que paso, que sucedio, describa brevemente caso, explique caso, explique situacion, comentarios o preguntas, preguntas, pregunta, breve descripcion del caso, breve descripcion, resumen del caso, describa brevemente situacion
    commentaire, commentaires, demande, comment pouvons nous aider, decrivez situation, decrivez votre demande, decrivez probleme, decrivez votre affaire, objet de la demande, precisions, en quoi pouvons nous aider, expliquez votre situation, votre besoin
    nachricht, anliegen, mitteilung, kommentar, bemerkung, bemerkungen, anmerkung, anmerkungen, beschreibung, wie konnen wir helfen, wie konnen wir ihnen helfen, wie konnen wir behilflich sein, beschreiben sie ihr anliegen, schildern sie ihr anliegen, schildern sie ihren fall, anfrage, frage, fragen, worum geht es, sachverhalt, beschreiben sie ihren fall, schilderung
    mensagem, duvida, como podemos ajudar, como podemos ajuda lo, descreva caso, descreva sua situacao, descricao, descricao do caso, conte sobre caso, assunto da mensagem, em que podemos ajudar, observacoes, detalhes, conte seu caso, relato, resumo do caso
    messaggio, richiesta, commenti, descrizione, come possiamo aiutarti, come possiamo aiutarla, descrivi caso, descriva il suo caso, descrizione del caso, testo del messaggio, descriva la sua situazione, raccontaci, domanda
    bericht, opmerking, opmerkingen, vraag, omschrijving, toelichting, waarmee kunnen wij helpen, hoe kunnen wij u helpen, waar kunnen we mee helpen, hoe kunnen we helpen, omschrijf uw situatie, uw vraag of opmerking, waarmee kunnen we u helpen
    wiadomosc, tresc wiadomosci, opis, opis sprawy, komentarz, pytanie, uwagi, w czym mozemy pomoc, jak mozemy pomoc, tresc, opisz sprawe, opisz swoja sprawe, zapytanie, tresc zapytania, krotki opis sprawy
    сообщение, комментарии, вопрос, описание, опишите ситуацию, опишите вашу ситуацию, опишите проблему, опишите вашу проблему, опишите ваше дело, опишите суть, чем мы можем помочь, как мы можем помочь, текст сообщения, суть вопроса, описание ситуации, описание проблемы, опишите вопрос, чем можем помочь, суть обращения
    留言, 消息, 讯息, 訊息, 信息, 内容, 內容, 咨询内容, 諮詢內容, 案情, 案情描述, 案情简介, 留言内容, 留言內容, 问题描述, 問題描述, 描述, 备注, 備註, 意见, 问题, 案件描述, 情况说明, 需要什么帮助, 我们能帮什么, 问题说明, 咨询问题, 详细描述, 描述案情, 描述情况, 案件详情, 描述问题, 案件情况, 說明, 说明
    メッセージ, 本文, お問い合わせ内容, 問い合わせ内容, お問合せ内容, 問合せ内容, ご相談内容, 相談内容, ご質問, 質問内容, 質問, コメント, ご要望, 備考, お問い合わせ, ご相談, ご用件, 相談
    메시지, 내용, 문의내용, 문의사항, 상담내용, 문의, 남기실말씀, 하고싶은말, 질문, 사건내용, 메세지, 요청사항, 상세내용, 사건개요, 남기실메시지, 질문내용, 상담신청내용
    tin nhan, noi dung, loi nhan, noi dung tin nhan, mo ta, cau hoi, ghi chu, mo ta vu viec, noi dung can tu van, mo ta van de, chung toi co the giup gi, mo ta su viec, noi dung yeu cau, van de phap ly
    الرسالة, رسالة, رسالتك, نص الرسالة, الاستفسار, استفسارك, تعليق, التفاصيل, ملاحظات, كيف يمكننا مساعدتك, وصف القضية, وصف المشكلة, موضوع الاستشارة, اكتب رسالتك, الملاحظات, تفاصيل القضية, محتوى الرسالة, سؤالك, السؤال
    mesaj, komante, kijan nou ka ede w, deskripsyon, kesyon, eksplike sitiyasyon ou, esplike sitiyasyon ou, dekri ka ou, pale nou de ka ou
    mensahe, paano kami makakatulong, paano ka namin matutulungan, komento, ilarawan ang kaso, katanungan, tanong, detalye
    mesajiniz, aciklama, konu detayi, size nasil yardimci olabiliriz, yorum, sorunuz, notlar, talebiniz, sorun
    besked, meddelande, melding, beskjed, kommentarer, hvordan kan vi hjelpe, hvordan kan vi hjaelpe, hur kan vi hjalpa dig, hur kan vi hjalpa, beskriv din sag, beskriv ditt arende, viesti, arende, henvendelse, hvad kan vi hjaelpe med
    संदेश, टिप्पणी, विवरण, प्रश्न, मामले का विवरण, हम आपकी कैसे मदद कर सकते हैं, सवाल
    μηνυμα, σχολια
  `,
}

/** Words that may stand around what is asked, and say nothing of who is meant but the one who writes. */
export const around = `
  a an the my your yours our you we us i me to of for at in on by is are it s what whats where when how which can could may would will should do
  please enter provide give write fill insert tell let know share add input best good primary main preferred current valid active working
  personal legal actual own real contact client clients applicant applicants customer customers person user sender visitor lead prospect
  required optional mandatory req opt no label text answer answers response data submission
  reach call caller daytime evening day time home work office business direct also if any here below brief briefly so detail
  get back hello hi hey first's new number's with and or your's e g eg ie including area code incl country format only one line
  wpforms gform cf wpcf ninja fluent elementor forminator formidable hidden box single multi item items mc mce merge et pb ff nf
  para su sus tu tus el la los las de del en por favor ingrese ingresa introduzca introduce escriba escribe indique cual es mi un una obligatorio opcional requerido principal contacto nos
  votre vos ton ta le les l d des du une mon veuillez entrer saisir indiquer indiquez quel quelle est obligatoire facultatif requis il vous plait saisissez entrez
  ihr ihre ihren ihrem dein deine der die das bitte geben eingeben sie ein eine einen mein pflichtfeld erforderlich wie lautet ist privat geschaftlich angeben tragen
  seu sua seus suas o os as um uma da dos digite informe insira qual meu minha obrigatorio contato preencha
  tuo tua suo inserisci inserire inserisca gentilmente per favore obbligatorio facoltativo opzionale mio
  uw je jouw vul voer hier u b wat verplicht optioneel mijn het een
  twoj twoje twoja podaj prosze wpisz wymagane opcjonalnie moj pani pana panstwa
  ваш ваша ваше ваши введите укажите пожалуиста обязательно необязательно мои моя
  cua ban quy khach vui long nhap xin bat buoc lien he anh chi toi
  ou antre tanpri w mete obligatwa opsyonel nou
  ang iyong mo ilagay pakilagay ng inyong
  lutfen giriniz girin sizin zorunlu istege bagli
  din dit ditt deres indtast skriv ange venligst vanligen obligatorisk valgfri kirjoita
  आपका अपना कृपया दर्ज करें का
  يرجى ادخال الخاص بك من فضلك ادخل مطلوب اختياري
  το σας
`

/** The same in scripts that part no words. */
export const aroundUnparted = `
  请输入 请填写 请提供 请留下 请您 请 請輸入 請填寫 請提供 請 输入 填写 您的 你的 您 你 我的 联系人 聯絡人 客户 申请人 常用 真实 必填 选填 選填 可选 的
  ご入力ください をご入力ください を入力してください ご記入ください をご記入ください をお書きください お書きください ください 入力 記入 必須 任意 あなたの お客様の お客様 ご お の を
  을입력해주세요 를입력해주세요 입력해주세요 입력하세요 을입력하세요 를입력하세요 적어주세요 을적어주세요 를적어주세요 써주세요 필수 선택 고객님의 고객 귀하의 당신의 신청자 의뢰인 본인
`

/** Somebody other than the one who writes: such a label is nobody's, whatever else it says. */
export const others = `
  oppos advers other spous partner husband wife child kid son daughter parent mother father guardian emergency refer attorney lawyer counsel employer
  employee defendant plaintiff witness landlord tenant insur adjuster agent friend relative doctor physician ex his her their hers decedent deceased beneficiar executor
  trustee supervisor manager coworker boss police officer hospital judge opponent roommate sibling brother sister patient minor dependent victim heir
  contrari opuest espos conyuge pareja hijo hija padre madre emergencia abogado empleador demandado testigo familiar amigo aseguradora
  conjoint epoux epouse enfant pere mere urgence avocat employeur temoin ami
  gegner ehepartner ehefrau ehemann kind vater mutter notfall anwalt arbeitgeber zeuge freund
  conjuge marido filho filha pai mae advogado empregador testemunha
  coniuge marito moglie figlio figlia avvocato datore controparte
  echtgenoot wederpartij advocaat werkgever
  malzonk dziecko adwokat
  супруг ребенок ребенка адвокат противник работодател мужа жены отца матери
  配偶 对方 對方 孩子 子女 律师 律師 紧急 緊急 雇主 被告 原告 证人 父亲 母亲 丈夫 妻子 相手 緊急連絡 배우자 상대방 자녀 변호사 비상 긴급 고용주
  vo chong doi phuong khan cap
  الزوج الزوجة الخصم المحامي الطوارئ
  mari madanm avoka
  asawa anak
`
