{#- A respondent who answered a questionnaire twice counts with the last answer. An unknown respondent counts once per
    response. -#}
with answers as (
    select
        response_id,
        question_code,
        cast(answer_value as double) as answer_value
    from {{ ref('stg_survey__answers') }}
    where answer_value is not null
),

responses as (
    select
        *,
        coalesce(customer_key, response_id) as respondent
    from {{ ref('int_survey_responses') }}
),

answers_with_respondent as (
    select
        answers.question_code,
        answers.answer_value,
        responses.response_id,
        responses.respondent,
        coalesce(responses.segment, 'unknown') as segment,
        responses.responded_at,
        {{ days_between('responses.response_date', as_of_date()) }} as days_ago
    from answers
    inner join responses on answers.response_id = responses.response_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by respondent, question_code order by responded_at desc, response_id desc
        ) as recency_rank
    from answers_with_respondent
),

final as (
    select
        response_id,
        respondent,
        segment,
        question_code,
        answer_value,
        days_ago
    from ranked
    where recency_rank = 1
)

select * from final
