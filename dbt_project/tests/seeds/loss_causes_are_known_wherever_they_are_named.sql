{#- Keywords, evidence and win-back stages refer to causes in loss_causes.csv; each cause has all win-back attempts. -#}
with named as (
    select 'loss_keywords.csv' as file, cause, keyword as line from {{ ref('loss_keywords') }}
    union all
    select 'loss_evidence.csv' as file, cause, evidence_code as line from {{ ref('loss_evidence') }}
    union all
    select 'winback_stages.csv' as file, cause, concat('attempt ', cast(attempt_number as string)) as line from {{ ref('winback_stages') }}
),

causes as (
    select * from {{ ref('loss_causes') }}
),

attempts as (
    select
        causes.cause,
        count(stages.attempt_number) as attempt_count,
        coalesce(max(stages.attempt_number), 0) as last_attempt,
        min(stages.success_share) as lowest_share,
        max(stages.success_share) as highest_share
    from causes
    left join {{ ref('winback_stages') }} as stages on causes.cause = stages.cause
    group by causes.cause
)

select concat(named.file, ': ', named.line, ' names the cause ', named.cause, ', which is unknown; write one of loss_causes.csv') as problem
from named
left join causes on named.cause = causes.cause
where causes.cause is null

union all

select concat(
    'winback_stages.csv: cause ', cause, ' has attempts up to ', cast(last_attempt as string), ', expected 1 to ',
    cast(cast({{ threshold('value', 'winback_attempts') }} as bigint) as string), ' (winback_attempts of value_thresholds.csv) without a gap; add the missing lines'
) as problem
from attempts
where attempt_count != last_attempt or attempt_count < {{ threshold('value', 'winback_attempts') }}

union all

select concat('winback_stages.csv: success_share of cause ', cause, ' is not between 0 and 1; write a share such as 0.05') as problem
from attempts
where lowest_share < 0 or highest_share > 1

union all

select 'loss_keywords.csv: a keyword is not in lower case, so that it never matches; write it in lower case' as problem
from {{ ref('loss_keywords') }}
where keyword != lower(keyword)
group by 1
