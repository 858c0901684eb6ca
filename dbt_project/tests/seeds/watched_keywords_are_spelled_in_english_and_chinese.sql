with rules as (
    select * from {{ ref('keyword_rules') }}
),

spellings as (
    select * from {{ ref('keyword_spellings') }}
),

languages as (
    select 'en' as language
    union all
    select 'zh' as language
),

problems as (
    select
        concat(
            'keyword_spellings.csv has no spelling of ', rules.keyword_code, ' in ', languages.language,
            '; add at least one line'
        ) as problem
    from rules
    cross join languages
    left join spellings on rules.keyword_code = spellings.keyword_code and languages.language = spellings.language
    where spellings.spelling is null
    union all
    select concat('keyword_spellings.csv: the language of ', spelling, ' is ', language, '; write en or zh') as problem
    from spellings
    where language not in ('en', 'zh')
    union all
    select
        concat(
            'keyword_spellings.csv: ', spellings.spelling, ' is a spelling of ', spellings.keyword_code,
            ', which keyword_rules.csv does not have; add it there or remove the line'
        ) as problem
    from spellings
    left join rules on spellings.keyword_code = rules.keyword_code
    where rules.keyword_code is null
    union all
    select
        concat(
            'keyword_spellings.csv has ', spelling, ' (', language, ') ', cast(count(*) as string),
            ' times; keep it for one keyword'
        ) as problem
    from spellings
    group by spelling, language
    having count(*) > 1
    union all
    select
        concat(
            'keyword_spellings.csv: ', spelling,
            ' has no letter or digit to search for; write words (en) or characters (zh) without % and _'
        ) as problem
    from spellings
    where
        replace(replace(spelling, '%', ''), '_', '') != spelling
        or trim(spelling) = ''
        or (language = 'en' and {{ replace_all('lower(spelling)', '[^a-z0-9]', '') }} = '')
    union all
    select
        concat(
            'keyword_rules.csv: threshold and level of ', keyword_code,
            ' must not be negative; write 0 to be alerted at the first mention'
        ) as problem
    from rules
    where threshold_count < 0 or raised_level < 1
)

select * from problems
