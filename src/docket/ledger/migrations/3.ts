/**
 * Contacts and matters are found by short keyed hashes of what is looked for. What was kept under others is forgotten, and read anew.
 */
export const candidates = `
drop table contacts;
drop table contact_keys;
drop table matters;
delete from meta where key in ('contacts', 'matters');
create table contacts (id integer primary key, sealed text not null, seen_at integer not null);
create table contact_keys (hash integer, id integer, primary key (hash, id)) without rowid;
create table matters (id integer primary key, sealed text not null, seen_at integer not null);
create table matter_keys (hash integer, id integer, primary key (hash, id)) without rowid;
`
