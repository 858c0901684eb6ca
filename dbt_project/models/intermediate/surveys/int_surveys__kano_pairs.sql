{#- The question codes are `kano_<feature>_functional` and `kano_<feature>_dysfunctional`. -#}
with answers as (
    select
        respondent,
        segment,
        answer_value,
        case
            when question_code like '%_dysfunctional' then substr(question_code, 6, length(question_code) - 19)
            else substr(question_code, 6, length(question_code) - 16)
        end as feature,
        question_code like '%_dysfunctional' as is_dysfunctional
    from {{ ref('int_surveys__answers') }}
    where
        (question_code like 'kano_%_functional' or question_code like 'kano_%_dysfunctional')
        and days_ago <= {{ threshold('surveys', 'kano_window_days') }}
),

pairs as (
    select
        respondent,
        feature,
        max(segment) as segment,
        max(case when not is_dysfunctional then answer_value end) as functional_answer,
        max(case when is_dysfunctional then answer_value end) as dysfunctional_answer
    from answers
    group by respondent, feature
),

evaluated as (
    select
        pairs.respondent,
        pairs.feature,
        pairs.segment,
        evaluation.category
    from pairs
    inner join {{ ref('kano_evaluation') }} as evaluation
        on pairs.functional_answer = evaluation.functional_answer
        and pairs.dysfunctional_answer = evaluation.dysfunctional_answer
),

final as (
    select
        respondent,
        feature,
        'all' as segment,
        category
    from evaluated
    union all
    select
        respondent,
        feature,
        segment,
        category
    from evaluated
)

select * from final
