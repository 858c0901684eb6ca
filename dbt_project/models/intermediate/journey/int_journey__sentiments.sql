{#- A survey comment belongs, like its score, to the last visit of the touchpoint that the survey asked about. Any other
    text belongs to the step in which it was written. -#}
with texts as (
    select * from {{ ref('text_sentiment') }}
    where customer_key is not null
),

responses as (
    select
        'survey' as source,
        response_id,
        touchpoint
    from {{ ref('fct_survey_responses') }}
),

steps as (
    select
        *,
        {{ threshold('journey', 'answer_days') }} as answer_days
    from {{ ref('int_journey__steps') }}
),

journeys as (
    select
        journey_key,
        segment
    from {{ ref('int_journey__journeys') }}
),

written as (
    select
        texts.text_id,
        texts.customer_key,
        texts.occurred_at,
        texts.mean_sentiment,
        responses.touchpoint as asked_about
    from texts
    left join responses on texts.source = responses.source and texts.source_id = responses.response_id
    where texts.source != 'survey' or responses.touchpoint is not null
),

text_steps as (
    select
        written.text_id,
        written.mean_sentiment,
        {{ value_at_max('steps.step_key', event_order('steps.started_at', 'steps.step_key')) }} as step_key
    from written
    inner join steps
        on written.customer_key = steps.customer_key
        and written.occurred_at >= steps.started_at
        and case
            when written.asked_about is null then written.occurred_at <= steps.ended_at
            else
                written.asked_about = steps.touchpoint
                and {{ days_between('steps.ended_at', 'written.occurred_at') }} <= steps.answer_days
        end
    group by written.text_id, written.mean_sentiment
),

step_sentiments as (
    select
        journeys.segment,
        steps.touchpoint,
        text_steps.mean_sentiment
    from text_steps
    inner join steps on text_steps.step_key = steps.step_key
    inner join journeys on steps.journey_key = journeys.journey_key
),

segmented as (
    select
        'all' as segment,
        touchpoint,
        mean_sentiment
    from step_sentiments
    union all
    select
        segment,
        touchpoint,
        mean_sentiment
    from step_sentiments
),

final as (
    select
        segment,
        touchpoint,
        cast(count(*) as bigint) as text_count,
        {{ steady('avg(mean_sentiment)') }} as mean_sentiment,
        {{ steady('var_samp(mean_sentiment)') }} as sentiment_variance
    from segmented
    group by segment, touchpoint
)

select * from final
